import fc from 'fast-check';
import { LatencyHistogram } from '../../bench/histogram';

function histogramOf(latencies: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const ms of latencies) histogram.record(ms);
  return histogram;
}

const latency = fc.double({ min: 0, max: 200_000, noNaN: true });

test('a quantile is the latency of that rank, no more than 0.4 % and half a microsecond away', () => {
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (latencies, share) => {
        const sorted = [...latencies].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;

        const found = histogramOf(latencies).quantile(share);

        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.004 + 0.0005);
      },
    ),
  );
});

test('all records count', () => {
  expect(histogramOf([1, 1, 2, 3]).count).toBe(4);
});

test('the longest is kept exactly', () => {
  expect(histogramOf([0.1, 1_234.567_89, 5]).longestMs).toBe(1_234.567_89);
});

test('what is longer than the last bucket is counted there', () => {
  const histogram = histogramOf([1e9]);

  expect(histogram.count).toBe(1);
  expect(histogram.quantile(1)).toBeGreaterThan(200_000);
});

test('without a record there is no quantile', () => {
  expect(new LatencyHistogram().quantile(0.5)).toBeNaN();
});
