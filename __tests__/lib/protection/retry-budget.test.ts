import fc from 'fast-check';
import { RETRY_BUDGET_DEFAULTS, RetryBudget } from '../../../lib/protection/retry-budget';

const OPTIONS = { ratio: 0.2, floorPerSecond: 10, burst: 100 };

/** How many retries it grants at once; a budget that grants without end is to fail a test, not to hang it. */
function takeAll(budget: RetryBudget, now: number): number {
  let taken = 0;
  while (taken < 10_000 && budget.take(now)) taken += 1;
  return taken;
}

test('the defaults are those of the documentation', () => {
  expect(RETRY_BUDGET_DEFAULTS).toEqual(OPTIONS);
});

test('from the start a burst may be repeated, and no more', () => {
  expect(takeAll(new RetryBudget(OPTIONS), 0)).toBe(100);
});

test('a fifth of what succeeded may be repeated on top', () => {
  const budget = new RetryBudget(OPTIONS);
  takeAll(budget, 0);
  for (let read = 0; read < 50; read += 1) budget.succeeded(0);
  expect(takeAll(budget, 0)).toBe(10);
});

test('time alone earns ten a second', () => {
  const budget = new RetryBudget(OPTIONS);
  takeAll(budget, 0);
  expect(takeAll(budget, 3_000)).toBe(30);
});

test('time alone saves up no more than the burst', () => {
  const budget = new RetryBudget(OPTIONS);
  takeAll(budget, 0);
  expect(takeAll(budget, 3_600_000)).toBe(100);
});

test('time from before it began earns nothing', () => {
  const budget = new RetryBudget(OPTIONS, 3_600_000);
  takeAll(budget, 3_600_000);
  expect(takeAll(budget, 3_601_000)).toBe(10);
});

test('what successes earned is lost after ten seconds', () => {
  const budget = new RetryBudget(OPTIONS);
  for (let read = 0; read < 1_000; read += 1) budget.succeeded(0);
  expect(budget.balance(0)).toBe(300);
  expect(budget.balance(9_000)).toBe(300);
  expect(budget.balance(10_000)).toBe(100);
});

describe.each([
  ['told of their times', (budget: RetryBudget, now: number) => budget.succeeded(now)],
  ['told of no times', (budget: RetryBudget) => budget.succeeded()],
])('ten seconds of 500 reads a second, %s', (_, succeed) => {
  test('pay for 250 retries at once, and for 1000', () => {
    const budget = new RetryBudget(OPTIONS);
    for (let read = 0; read < 5_000; read += 1) succeed(budget, read * 2);
    const held = takeAll(budget, 10_000);
    expect(held).toBeGreaterThanOrEqual(1_000);
    expect(held).toBeLessThanOrEqual(1_100);
  });
});

test('after a quiet night, the ten busy seconds before the fault count in full', () => {
  const night = 8 * 3_600_000;
  const budget = new RetryBudget(OPTIONS);
  for (let read = 0; read < 5_000; read += 1) budget.succeeded(night + read * 2);
  expect(takeAll(budget, night + 10_000)).toBeGreaterThanOrEqual(900);
});

test('successes without a time are held to have come evenly: an hour of them is no hour of credit', () => {
  const budget = new RetryBudget(OPTIONS);
  for (let read = 0; read < 360_000; read += 1) budget.succeeded();
  expect(takeAll(budget, 3_600_000)).toBeLessThanOrEqual(100 + 0.2 * 1_000);
});

test('successes without a time grow old one after another, not all at once', () => {
  const budget = new RetryBudget({ ...OPTIONS, floorPerSecond: 0 });
  for (let read = 0; read < 5_000; read += 1) budget.succeeded();
  expect(budget.balance(10_000)).toBeCloseTo(100 + 0.2 * 4_500);
  expect(budget.balance(15_000)).toBeCloseTo(100 + 0.2 * 2_000);
  expect(budget.balance(20_000)).toBe(100);
});

test('successes without a time are counted once, however often one looks', () => {
  const budget = new RetryBudget({ ratio: 1, floorPerSecond: 1_000, burst: 0 });
  for (let read = 0; read < 10; read += 1) budget.succeeded();
  expect(budget.balance(1_000)).toBeCloseTo(10);
  expect(budget.balance(2_000)).toBeCloseTo(10);
});

test('a budget that is spent says no and stays at what it has', () => {
  const budget = new RetryBudget({ ratio: 0.5, floorPerSecond: 0, burst: 0 });
  budget.succeeded(0);
  expect(budget.take(0)).toBe(false);
  expect(budget.balance(0)).toBe(0.5);
  budget.succeeded(0);
  expect(budget.take(0)).toBe(true);
});

describe('laws', () => {
  const options = fc.record({
    ratio: fc.double({ min: 0, max: 1, noNaN: true }),
    floorPerSecond: fc.integer({ min: 0, max: 50 }),
    burst: fc.integer({ min: 0, max: 200 }),
  });
  const steps = fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 5_000 }),
      successes: fc.nat({ max: 100 }),
      retries: fc.nat({ max: 100 }),
      timed: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  test('retries never exceed ratio × successes + floor × time + burst', () => {
    fc.assert(
      fc.property(options, steps, (chosen, all) => {
        const budget = new RetryBudget(chosen);
        let [now, successes, retries] = [0, 0, 0];
        for (const step of all) {
          now += step.ms;
          for (let one = 0; one < step.successes; one += 1) budget.succeeded(step.timed ? now : undefined);
          for (let one = 0; one < step.retries; one += 1) retries += budget.take(now) ? 1 : 0;
          successes += step.successes;
          const most = chosen.ratio * successes + (chosen.floorPerSecond * now) / 1_000 + chosen.burst;
          expect(retries).toBeLessThanOrEqual(most + 1e-6);
        }
      }),
    );
  });

  test('it never holds more than burst + ratio × successes of the last ten seconds', () => {
    fc.assert(
      fc.property(options, steps, (chosen, all) => {
        const budget = new RetryBudget(chosen);
        const told: { at: number; successes: number }[] = [];
        let now = 0;
        for (const step of all) {
          now += step.ms;
          for (let one = 0; one < step.successes; one += 1) budget.succeeded(now);
          told.push({ at: now, successes: step.successes });
          const recent = told.filter(({ at }) => at > now - 10_000).reduce((sum, { successes }) => sum + successes, 0);
          expect(budget.balance(now)).toBeLessThanOrEqual(chosen.burst + chosen.ratio * recent + 1e-6);
        }
      }),
    );
  });
});
