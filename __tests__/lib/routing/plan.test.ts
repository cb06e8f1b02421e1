import { roundRobin } from '../../../lib/routing/balancer';
import { planRead } from '../../../lib/routing/plan';
import { sighting } from '../../support/sightings';

const NOW = 1_000;
const WRITER = { name: 'primary', weight: 1, facts: {} };
const PRIMARY = { reachable: true, timeline: 1, lsn: 1_000n };
const fresh = (name: string) => ({ name, weight: 1, facts: { sighting: sighting(), provenAt: NOW } });
const cutOff = { name: 'green', weight: 1, facts: { sighting: sighting({ receiving: false }), provenAt: NOW } };
const READ = { bound: { maxStalenessMs: 1_000, explicit: false }, strong: false };

function order(readers: Parameters<typeof planRead>[0], read = READ, primary = PRIMARY) {
  return planRead(readers, WRITER, read, primary, roundRobin(), NOW).members.map(({ name }) => name);
}

test('fit replicas come first, then the primary, then what the bound still allows', () => {
  expect(order([fresh('blue'), cutOff])).toEqual(['blue', 'primary', 'green']);
});

test('without a fit replica the primary serves', () => {
  expect(order([])).toEqual(['primary']);
});

test('a strong read asks the primary alone, and once more when the first connection was dead', () => {
  expect(order([fresh('blue')], { ...READ, strong: true })).toEqual(['primary', 'primary']);
});

test('the turn goes round between reads', () => {
  const balancer = roundRobin();
  const readers = [fresh('blue'), fresh('red')];
  const firsts = [1, 2, 3, 4].map(() => planRead(readers, WRITER, READ, PRIMARY, balancer, NOW).members[0]?.name);
  expect(firsts).toEqual(['blue', 'red', 'blue', 'red']);
});

test('a primary that is known not to answer is asked last', () => {
  expect(order([fresh('blue'), cutOff], READ, { ...PRIMARY, reachable: false })).toEqual(['blue', 'green', 'primary']);
});

test('the turn goes round among the reserve too', () => {
  const balancer = roundRobin();
  const readers = [cutOff, { ...cutOff, name: 'red' }];
  const firsts = [1, 2, 3, 4].map(
    () => planRead(readers, WRITER, READ, { ...PRIMARY, reachable: false }, balancer, NOW).members[0]?.name,
  );
  expect(firsts).toEqual(['green', 'red', 'green', 'red']);
});
