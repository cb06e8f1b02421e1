import fc from 'fast-check';
import { median } from '../../bench/measure';

test('the median of an odd number is the one in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
});

test('the median of an even number lies half way between the two in the middle', () => {
  expect(median([4, 1, 2, 100])).toBe(3);
});

test('as many lie below the median as above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);

      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

test('of nothing there is no median', () => {
  expect(median([])).toBeNaN();
});
