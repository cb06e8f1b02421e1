import fc from 'fast-check';
import { CLEAR, departure, lineBusyUntil, SLICE_MS, sliceOf } from '../../../local/network/conditions';

const arrival = { at: 100, luck: 0.5 };

test('a clear network passes everything on as it comes', () => {
  expect(departure(arrival, CLEAR, 0)).toBe(100);
  expect(sliceOf(CLEAR)).toBe(Number.POSITIVE_INFINITY);
  expect(lineBusyUntil(0, 100, 1e9, CLEAR)).toBeLessThanOrEqual(100);
});

test('a delay counts from the arrival, and jitter comes on top', () => {
  expect(departure(arrival, { ...CLEAR, delayMs: 30 }, 0)).toBe(130);
  expect(departure(arrival, { ...CLEAR, delayMs: 30, jitterMs: 10 }, 0)).toBe(135);
});

test('what comes while the line is busy waits for the line', () => {
  expect(departure(arrival, { ...CLEAR, delayMs: 30 }, 500)).toBe(500);
});

test('nothing leaves a partition', () => {
  expect(departure(arrival, { ...CLEAR, partitioned: true }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test('in any span of time a throttled line passes no more than its speed allows, but for two slices', () => {
  const lateness = fc.oneof(fc.constant(0), fc.nat(SLICE_MS * 100));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1 << 24 }), fc.array(lateness, { maxLength: 60 }), (bytesPerSecond, late) => {
      const conditions = { ...CLEAR, bytesPerSecond };
      const bytes = sliceOf(conditions);
      const departures: number[] = [];
      let lineFreeAt = 0;
      for (const ms of late) {
        const now = departure({ at: departures.at(-1) ?? 0, luck: 0 }, conditions, lineFreeAt) + ms;
        departures.push(now);
        lineFreeAt = lineBusyUntil(lineFreeAt, now, bytes, conditions);
      }
      for (const [first, begin] of departures.entries()) {
        for (const [further, end] of departures.slice(first).entries()) {
          const allowed = ((end - begin) * bytesPerSecond) / 1_000 + 2 * bytes + 2;
          expect((further + 1) * bytes).toBeLessThanOrEqual(allowed);
        }
      }
    }),
  );
});
