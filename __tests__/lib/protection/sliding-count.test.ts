import fc from 'fast-check';
import { SlidingCount } from '../../../lib/protection/sliding-count';

test('what happened within the window is counted, at once', () => {
  const count = new SlidingCount(10_000);
  count.add(0);
  count.add(5_000, 3);
  expect(count.sum(5_000)).toBe(4);
});

test('what is older than the window is not', () => {
  const count = new SlidingCount(10_000);
  count.add(999);
  count.add(1_000);
  expect(count.sum(9_999)).toBe(2);
  expect(count.sum(10_000)).toBe(1);
  expect(count.sum(11_000)).toBe(0);
});

test('after a long silence nothing is left', () => {
  const count = new SlidingCount(10_000);
  count.add(500, 7);
  expect(count.sum(3_600_000)).toBe(0);
});

test('clear forgets all', () => {
  const count = new SlidingCount(10_000);
  count.add(0);
  count.clear();
  expect(count.sum(0)).toBe(0);
});

test('a clock that began below zero is as good', () => {
  const count = new SlidingCount(10_000);
  count.add(-15_500);
  count.add(-14_000);
  expect(count.sum(-14_000)).toBe(2);
  expect(count.sum(-6_000)).toBe(1);
});

test('law: it counts no more than the last window, and no less than nine tenths of it', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer({ min: -50_000, max: 50_000 }), (gaps, start) => {
      const count = new SlidingCount(10_000);
      const times: number[] = [];
      let now = start;
      for (const gap of gaps) {
        now += gap;
        times.push(now);
        count.add(now);
        const within = (ms: number) => times.filter((time) => time > now - ms).length;
        expect(count.sum(now)).toBeLessThanOrEqual(within(10_000));
        expect(count.sum(now)).toBeGreaterThanOrEqual(within(9_000));
      }
    }),
  );
});
