import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL_AURORA } from '../../support/environments';

function told(changes: object): [string, string][] {
  return environmentProblems({ ...MINIMAL_AURORA, ...changes }).map(({ code, path }) => [code, path]);
}

const [a, b] = ['eu-central-1a', 'eu-central-1b'];
const network = { kind: 'create', cidr: '10.0.0.0/16', zones: [a, b] };

test('a reader stands where the network has a subnet', () => {
  expect(told({ network, readers: { blue: { zone: 'eu-central-1c' } } })).toEqual([
    ['READFLEET_REPLICA_ZONE', 'readers.blue.zone'],
  ]);
});

test('the writer begins where the network has a subnet', () => {
  expect(told({ network, writerZone: 'eu-central-1c' })).toEqual([['READFLEET_REPLICA_ZONE', 'writerZone']]);
});

test('writer and readers all in one zone are refused, but in development', () => {
  const together = { writerZone: a, readers: { blue: { zone: a }, green: { zone: a } } };

  expect(told(together)).toEqual([['READFLEET_MEMBERS_IN_ONE_ZONE', 'readers']]);
  expect(told({ ...together, stage: 'development' })).toEqual([]);
  expect(told({ ...together, readers: { blue: { zone: a }, green: { zone: b } } })).toEqual([]);
  expect(told({ ...together, writerZone: b })).toEqual([]);
});
