import fc from 'fast-check';
import { effectiveWeight } from '../../../lib/routing/slow-start';

const SINCE = 5_000;
const WINDOW = 10_000;

test.each([
  [0, 0.4],
  [500, 0.4],
  [1_000, 0.4],
  [2_500, 1],
  [5_000, 2],
  [9_000, 3.6],
  [10_000, 4],
  [60_000, 4],
])('after %d ms of a window of 10 s, a weight of 4 counts as %d', (after, expected) => {
  expect(effectiveWeight(4, SINCE, SINCE + after, WINDOW)).toBeCloseTo(expected);
});

test('a member that is not known to serve counts as one that has just begun', () => {
  expect(effectiveWeight(4, undefined, SINCE, WINDOW)).toBeCloseTo(0.4);
});

test('without slow start all of the weight counts at once', () => {
  expect(effectiveWeight(4, SINCE, SINCE, 0)).toBe(4);
  expect(effectiveWeight(4, undefined, SINCE, 0)).toBe(4);
});

test('law: it never falls, and lies between a tenth and all', () => {
  const moment = fc.double({ min: 0, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 1, max: 100 }), (one, other, weight) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)].map((after) =>
        effectiveWeight(weight, SINCE, SINCE + after, WINDOW),
      ) as [number, number];
      expect(early).toBeGreaterThanOrEqual(weight / 10);
      expect(late).toBeGreaterThanOrEqual(early);
      expect(late).toBeLessThanOrEqual(weight);
    }),
  );
});
