import { type Capacity, capacityTable, changeOf, type Mix, mixTable, timesOne } from '../../bench/scale-out-report';

const capacity = (round: number, replicas: number, rate: number): Capacity => ({
  ...{ round, replicas, rate },
  readsOnPrimary: 0,
  replicaShare: 0.2,
  primaryShare: 0.01,
});

const capacities = [
  capacity(0, 1, 100),
  capacity(0, 2, 190),
  // A slow moment of the machine: half of everything.
  capacity(1, 1, 50),
  capacity(1, 2, 95),
  capacity(2, 1, 50),
  capacity(2, 2, 95),
];

const mix = (replicas: number, p95: number, readsOnPrimary: number): Mix => ({
  ...{ replicas, p95, readsOnPrimary },
  failed: 0,
  p50: 1,
  primaryShare: replicas === 0 ? 0.1 : 0.025,
});

test('replicas are compared with one of the same round', () => {
  expect(timesOne(capacities, 2)).toBe(1.9);
  expect(timesOne(capacities, 1)).toBe(1);
});

test('the table tells what came of N times one', () => {
  const [, two] = capacityTable(capacities).rows;

  expect(two).toEqual(['2', '95', '1.90', '0.950', '20.0 %', '1.0 %', '0']);
});

test('a change is of the medians, without replicas to with the most', () => {
  const mixes = [mix(0, 10, 100), mix(3, 5, 0), mix(0, 40, 100), mix(3, 5, 0), mix(0, 10, 100), mix(3, 5, 0)];

  expect(changeOf(mixes, 'p95')).toBe(-0.5);
  expect(changeOf(mixes, 'readsOnPrimary')).toBe(-1);
  expect(changeOf(mixes, 'primaryShare')).toBe(-0.75);
});

test('the table of a mix ends with the changes', () => {
  const { rows } = mixTable([mix(0, 10, 100), mix(3, 5, 0)]);

  expect(rows.at(-1)).toEqual(['change', '0 %', '−50 %', '−100 %', '−75 %', '']);
});
