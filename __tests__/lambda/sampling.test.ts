import fc from 'fast-check';
import { lateness, sampleThrough } from '../../lambda/sampling';
import { ManualClock } from '../support/manual-clock';

/** When samples begin, in milliseconds, when each takes `takes`. */
async function begins(
  everyMs: number,
  takes: number,
  limitMs = Number.POSITIVE_INFINITY,
  lateMs = 0,
): Promise<number[]> {
  const clock = new ManualClock();
  const at: number[] = [];
  let done = false;
  const run = sampleThrough(
    async () => {
      at.push(clock.now());
      if (takes > 0) await new Promise<void>((resolve) => clock.after(takes, resolve));
    },
    { everyMs, clock, lateMs, remainingMs: () => limitMs - clock.now() },
  ).finally(() => {
    done = true;
  });
  while (!done) await clock.advance(1_000);
  expect(await run).toBe(at.length);
  return at;
}

test('what a sample takes does not move the next', async () => {
  expect(await begins(10_000, 700)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
});

test('a sample that takes longer than its interval is followed by the next at once', async () => {
  expect(await begins(30_000, 31_000)).toEqual([0, 31_000]);
});

test('an interval of a minute is one sample', async () => {
  expect(await begins(60_000, 0)).toEqual([0]);
});

test('the first sample is taken however little time is left; no other is when it could be cut off', async () => {
  expect(await begins(20_000, 0, 1_000)).toEqual([0]);
  expect(await begins(20_000, 0, 24_999)).toEqual([0]);
  expect(await begins(20_000, 0, 25_000)).toEqual([0, 20_000]);
});

describe('a function that is late by chance', () => {
  const everies = fc.constantFrom(1, 2, 5, 10, 15, 20, 30, 60).map((seconds) => seconds * 1_000);
  const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('is late by a tenth of the interval at most, and by no more than a second', () => {
    fc.assert(
      fc.property(everies, randoms, (everyMs, random) => {
        const lateMs = lateness(everyMs, () => random);
        expect(lateMs).toBeGreaterThanOrEqual(0);
        expect(lateMs).toBeLessThan(Math.min(everyMs / 10, 1_000));
      }),
    );
    expect(lateness(10_000, () => 0.5)).toBe(500);
    expect(lateness(2_000, () => 0.5)).toBe(100);
  });

  test('samples on a grid of its own', async () => {
    expect(await begins(20_000, 700, 60_000, 300)).toEqual([300, 20_300, 40_300]);
  });

  test('is on time when there is little time', async () => {
    expect(await begins(10_000, 0, 5_200, 900)).toEqual([200]);
    expect(await begins(10_000, 0, 4_000, 900)).toEqual([0]);
  });

  test('samples as evenly through two invocations a minute apart as through one, and is done before the second begins', async () => {
    // As far apart as the environment's schema lets them be.
    const allowed = fc.constantFrom(10, 15, 20, 30, 60).map((seconds) => seconds * 1_000);
    await fc.assert(
      fc.asyncProperty(allowed, randoms, async (everyMs, random) => {
        const lateMs = lateness(everyMs, () => random);
        const first = await begins(everyMs, 0, 60_000, lateMs);
        const all = [...first, ...first.map((at) => at + 60_000)];
        const gaps = all.slice(1).map((at, index) => Math.round(at - (all[index] ?? 0)));
        expect(first).toHaveLength(60_000 / everyMs);
        expect(first[0]).toBe(lateMs);
        expect(new Set(gaps)).toEqual(new Set([everyMs]));
        expect(first.at(-1)).toBeLessThanOrEqual(55_000);
      }),
      { numRuns: 30 },
    );
  });
});
