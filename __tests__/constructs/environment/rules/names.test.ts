import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

function told(document: object, changes: object): [string, string][] {
  return environmentProblems({ ...document, ...changes }).map(({ code, path }) => [code, path]);
}

const zone = 'eu-central-1a';
/** Of a length that with `-test` and the longest name that AWS gives is just right. */
const fleet = (length: number) => 'f'.repeat(length);

test.each([
  ['instances', MINIMAL, 63 - '-test-primary'.length, '-monitoring'],
  ['Multi-AZ cluster', MINIMAL_CLUSTER, 63 - '-test-instance-1'.length, '-instance-1'],
  ['Aurora cluster', MINIMAL_AURORA, 63 - '-test-primary'.length, '-monitoring'],
])('a fleet of %s has room for the names that AWS or readfleet append', (_, document, most, longest) => {
  // Its role's name is the longest where no instance has a longer one.
  const fits = longest === '-monitoring' ? 64 - '-test-monitoring'.length : most;

  expect(told(document, { fleet: fleet(fits), proxy: undefined }).filter(([, path]) => path === 'name')).toEqual([]);
  expect(told(document, { fleet: fleet(fits + 1) }).filter(([, path]) => path === 'name')).toContainEqual([
    'READFLEET_NAME_TOO_LONG',
    'name',
  ]);
});

const remote = {
  region: 'eu-west-1',
  zone: 'eu-west-1a',
  vpcId: 'vpc-1',
  subnets: { 'eu-west-1a': 'subnet-1', 'eu-west-1b': 'subnet-2' },
};

describe.each([
  ['replicas', MINIMAL, { zone }],
  ['promoted', MINIMAL, { irreversible: true }],
  ['remoteReplicas', MINIMAL, remote],
  ['readers', MINIMAL_AURORA, { zone: 'eu-central-1b' }],
])('a name among %s', (where, document, server) => {
  const named = (name: string) => told(document, { [where]: { [name]: server } });

  test.each(['Blue', 'a--b', '1a', 'a-', 'a_b', 'primary'])('cannot be %s', (name) => {
    expect(named(name)).toEqual([['READFLEET_REPLICA_NAME', `${where}.${name}`]]);
  });

  test('can be as long as RDS takes, and no longer', () => {
    const most = 63 - 'orders-test-'.length;

    expect(named('r'.repeat(most))).toEqual([]);
    expect(named('r'.repeat(most + 1))).toEqual([['READFLEET_NAME_TOO_LONG', `${where}.${'r'.repeat(most + 1)}`]]);
  });

  test('can be that of a part of the fleet', () => {
    for (const name of ['subnets', 'parameters', 'monitoring', 'key', 'exports']) expect(named(name)).toEqual([]);
  });
});

test('a reader cannot have the name of the instance that begins as the writer', () => {
  const readers = { 'primary-instance': { zone: 'eu-central-1b' } };

  expect(told(MINIMAL_AURORA, { readers })).toEqual([['READFLEET_REPLICA_NAME', 'readers.primary-instance']]);
});

const many = (count: number, server: (index: number) => object) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, server(index)]));
const spread = (index: number) => ({ zone: index % 2 ? 'eu-central-1b' : zone });

test.each([
  [1, []],
  [15, []],
  [0, [['READFLEET_READER_COUNT', 'readers']]],
  [16, [['READFLEET_READER_COUNT', 'readers']]],
])('an Aurora cluster of %d readers: %j', (count, expected) => {
  expect(told(MINIMAL_AURORA, { readers: many(count, (index) => spread(index + 1)) })).toEqual(expected);
});

test('replicas in other regions count among the 15', () => {
  const replicas = many(14, spread);

  expect(told(MINIMAL, { replicas, remoteReplicas: { dublin: remote } })).toEqual([]);
  expect(told(MINIMAL, { replicas, remoteReplicas: { dublin: remote, cork: remote } })).toEqual([
    ['READFLEET_REPLICA_COUNT', 'replicas'],
  ]);
});

test('a fleet without a replica in its own region is refused, whatever it has elsewhere', () => {
  const remoteReplicas = { dublin: remote };

  expect(told(MINIMAL, { replicas: {}, remoteReplicas })).toEqual([['READFLEET_REPLICA_COUNT', 'replicas']]);
});
