import fc from 'fast-check';
import { sampleThrough } from '../../lambda/sampling';
import { ManualClock } from '../support/manual-clock';

/** When samples begin, in milliseconds, when each takes `takes`. */
async function begins(everyMs: number, takes: number, limitMs = Number.POSITIVE_INFINITY): Promise<number[]> {
  const clock = new ManualClock();
  const at: number[] = [];
  let done = false;
  const run = sampleThrough(
    async () => {
      at.push(clock.now());
      if (takes > 0) await new Promise<void>((resolve) => clock.after(takes, resolve));
    },
    { everyMs, clock, remainingMs: () => limitMs - clock.now() },
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

test('two invocations a minute apart sample as evenly as one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 2, 5, 10, 15, 20, 30, 60), async (seconds) => {
      const first = await begins(seconds * 1_000, 0);
      const all = [...first, ...first.map((at) => at + 60_000)];
      const gaps = all.slice(1).map((at, index) => at - (all[index] ?? 0));
      expect(new Set(gaps)).toEqual(new Set([seconds * 1_000]));
    }),
    { numRuns: 20 },
  );
});
