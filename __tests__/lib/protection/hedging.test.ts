import fc from 'fast-check';
import { HEDGE_DEFAULTS, HedgeBudget, LatencyQuantile } from '../../../lib/protection/hedging';

describe('the budget', () => {
  test('the defaults are those of the documentation', () => {
    expect(HEDGE_DEFAULTS).toEqual({ maxShare: 0.05, burst: 10 });
  });

  test('begins empty: the first read is asked once', () => {
    const budget = new HedgeBudget({ maxShare: 0.05 });
    budget.read();
    expect(budget.take()).toBe(false);
  });

  test('every twentieth read earns one hedge', () => {
    const budget = new HedgeBudget({ maxShare: 0.05 });
    for (let read = 0; read < 19; read += 1) budget.read();
    expect(budget.take()).toBe(false);
    budget.read();
    expect(budget.take()).toBe(true);
    expect(budget.take()).toBe(false);
  });

  test('ten tenths are one hedge, though not in binary', () => {
    const budget = new HedgeBudget({ maxShare: 0.1 });
    for (let read = 0; read < 10; read += 1) budget.read();
    expect(budget.take()).toBe(true);
  });

  test('quiet times save up ten hedges and no more', () => {
    const budget = new HedgeBudget({ maxShare: 0.05 });
    for (let read = 0; read < 10_000; read += 1) budget.read();
    let taken = 0;
    while (taken < 100 && budget.take()) taken += 1;
    expect(taken).toBe(10);
  });

  test('law: at no moment are there more hedges than the share of the reads so far', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        share,
        fc.array(fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 5 })), { maxLength: 80 }),
        (maxShare, steps) => {
          const budget = new HedgeBudget({ maxShare });
          let [reads, hedges] = [0, 0];
          for (const [more, tries] of steps) {
            for (let read = 0; read < more; read += 1) budget.read();
            for (let one = 0; one < tries; one += 1) hedges += budget.take() ? 1 : 0;
            reads += more;
            expect(hedges).toBeLessThanOrEqual(maxShare * reads + 1e-6);
          }
        },
      ),
    );
  });
});

describe('the quantile', () => {
  function observing(latencies: Iterable<number>, quantile?: number): LatencyQuantile {
    const observed = new LatencyQuantile(quantile);
    for (const ms of latencies) observed.observe(ms);
    return observed;
  }

  test('is not told of fewer than a hundred reads', () => {
    const observed = observing(Array(99).fill(5));
    expect(observed.delayMs()).toBeUndefined();
    observed.observe(5);
    expect(observed.delayMs()).toBeGreaterThanOrEqual(5);
    expect(observed.delayMs()).toBeLessThan(5 * 1.1);
  });

  test('five slow reads in a hundred are beyond it, six are not', () => {
    expect(observing([...Array(95).fill(1), ...Array(5).fill(500)]).delayMs()).toBeLessThan(1.1);
    expect(observing([...Array(94).fill(1), ...Array(6).fill(500)]).delayMs()).toBeGreaterThan(499);
  });

  test('another quantile may be asked for', () => {
    const latencies = [...Array(60).fill(1), ...Array(40).fill(500)];
    expect(observing(latencies, 0.5).delayMs()).toBeLessThan(1.1);
    expect(observing(latencies, 1).delayMs()).toBeGreaterThan(499);
  });

  test('what was asked before is not told after another observation', () => {
    const observed = observing(Array(100).fill(1));
    expect(observed.delayMs()).toBeLessThan(1.1);
    for (let read = 0; read < 6; read += 1) observed.observe(500);
    expect(observed.delayMs()).toBeGreaterThan(499);
  });

  test('two thousand reads later nothing is left of a slow hour', () => {
    const observed = observing(Array(5_000).fill(800));
    for (let read = 0; read < 2_000; read += 1) observed.observe(2);
    expect(observed.delayMs()).toBeLessThan(2 * 1.1);
  });

  test('latencies beyond its range fall into its first and last bucket', () => {
    expect(observing(Array(100).fill(0)).delayMs()).toBe(0.05);
    const hours = observing(Array(100).fill(1e9)).delayMs();
    expect(hours).toBeGreaterThan(500_000);
    expect(hours).toBeLessThan(1e9);
  });

  test('law: it lies in the bucket of the true quantile of the latest 1000 to 2000', () => {
    const latency = fc.oneof(
      fc.double({ min: 0.05, max: 20, noNaN: true, minExcluded: true }),
      fc.double({ min: 0.05, max: 60_000, noNaN: true, minExcluded: true }),
    );
    const latencies = fc.array(latency, { minLength: 100, maxLength: 3_500, size: 'max' });
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.5, max: 1, noNaN: true }), (all, quantile) => {
        const told = observing(all, quantile).delayMs() as number;
        const filling = all.length % 1_000 || 1_000;
        const kept = all.slice(-(filling + 1_000)).sort((a, b) => a - b);
        const truth = kept[Math.ceil(quantile * kept.length) - 1] as number;
        expect(told).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
        expect(told).toBeLessThanOrEqual(truth * 1.1 * (1 + 1e-9));
      }),
      // Thousands of latencies take minutes to shrink.
      { numRuns: 40, endOnFailure: true },
    );
  });
});
