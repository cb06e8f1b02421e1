import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL } from '../../support/environments';

function told(changes: object): [string, string][] {
  return environmentProblems({ ...MINIMAL, ...changes }).map(({ code, path }) => [code, path]);
}

const zone = 'eu-central-1a';
const replicas = { blue: { zone } };
const irreversible = true;

test('a replica is promoted by name, said to be irreversible', () => {
  expect(told({ promoted: { green: { irreversible } } })).toEqual([]);
});

test.each([[{}], [{ irreversible: false }], [{ irreversible: 'true' }]])(
  'a promotion of %j is not said',
  (promotion) => {
    expect(told({ promoted: { green: promotion } })).toEqual([
      ['READFLEET_PROMOTION_UNSAID', 'promoted.green.irreversible'],
    ]);
  },
);

test('a replica cannot follow and stand alone', () => {
  expect(told({ replicas, promoted: { blue: { irreversible } } })).toEqual([
    ['READFLEET_PROMOTED_TWICE', 'promoted.blue'],
  ]);
});

test('the last replica cannot be promoted', () => {
  expect(told({ replicas: {}, promoted: { blue: { irreversible } } })).toEqual([
    ['READFLEET_REPLICA_COUNT', 'replicas'],
  ]);
});

test('a promoted replica has no zone to say: it stays where it is', () => {
  expect(told({ promoted: { green: { zone, irreversible } } })).toEqual([
    ['READFLEET_PROMOTED_PLACE', 'promoted.green.zone'],
  ]);
});

test('a promoted replica counts no more among the 15', () => {
  const fifteen = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`r${index}`, { zone: index % 2 ? 'eu-central-1b' : zone }]),
  );

  expect(told({ replicas: fifteen, promoted: { green: { irreversible } } })).toEqual([]);
});
