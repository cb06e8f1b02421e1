import fc from 'fast-check';
import { dueAt, dueReads } from '../../bench/schedule';

test('the first read is due at once', () => {
  expect(dueReads(0, 500, 1_000)).toBe(1);
});

test('at its end a load has sent its rate times its length', () => {
  expect(dueReads(6_000, 500, 6_000)).toBe(3_000);
});

test('what comes after the end is not sent', () => {
  expect(dueReads(60_000, 500, 6_000)).toBe(3_000);
});

test('a read is due from its moment on and not before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 1_000 }), (rate, index) => {
      const at = dueAt(index, rate);

      expect(dueReads(at + 0.001, rate, 1e9)).toBeGreaterThan(index);
      expect(dueReads(at - 0.001, rate, 1e9)).toBeLessThanOrEqual(index);
    }),
  );
});
