import { FreshReplicas } from '../../../lib/session/fresh';
import { ManualClock, settle } from '../../support/manual-clock';

const WAIT = 50;

interface Round {
  readonly at: number;
  end(): void;
  fail(): void;
}

function setUp() {
  const clock = new ManualClock();
  const rounds: Round[] = [];
  const fresh = new FreshReplicas(
    () =>
      new Promise((resolve, reject) =>
        rounds.push({ at: clock.now(), end: resolve, fail: () => reject(new Error('the round failed')) }),
      ),
    clock,
  );
  /** A waiter who is let go once `fits` is set. */
  const waiter = (waitMs = WAIT) => {
    const state = { fits: false, result: undefined as boolean | undefined };
    void fresh
      .until(() => state.fits, waitMs)
      .then((result) => {
        state.result = result;
      });
    return state;
  };
  const starts = () => rounds.map(({ at }) => at);
  const end = (index: number) => (rounds[index] as Round).end();
  return { clock, fresh, rounds, waiter, starts, end };
}

test('what fits already asks nobody and waits for nothing', async () => {
  const { clock, fresh, rounds } = setUp();

  await expect(fresh.until(() => true, WAIT)).resolves.toBe(true);

  expect(rounds).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('without time to wait nobody is asked', async () => {
  const { clock, fresh, rounds } = setUp();

  await expect(fresh.until(() => false, 0)).resolves.toBe(false);

  expect(rounds).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('a round begins at once, and its end lets go whom it made fit; no timer is left', async () => {
  const { clock, waiter, starts, end } = setUp();
  const first = waiter();
  expect(starts()).toEqual([0]);

  first.fits = true;
  end(0);
  await settle();

  expect(first.result).toBe(true);
  expect(clock.timers).toBe(0);
});

test('all who wait share a round', async () => {
  const { waiter, starts, end } = setUp();
  const waiters = [waiter(), waiter(), waiter()];
  for (const each of waiters) each.fits = true;
  end(0);
  await settle();

  expect(starts()).toEqual([0]);
  expect(waiters.map(({ result }) => result)).toEqual([true, true, true]);
});

test('a round that was not enough is followed by another, not sooner than 2 ms after its start', async () => {
  const { clock, waiter, starts, end } = setUp();
  const first = waiter();
  end(0);
  await settle();
  expect(starts()).toEqual([0]);

  await clock.advance(1);
  expect(starts()).toEqual([0]);
  await clock.advance(1);
  expect(starts()).toEqual([0, 2]);

  first.fits = true;
  end(1);
  await settle();
  expect(first.result).toBe(true);
});

test('a round that took long is followed by another at once', async () => {
  const { clock, waiter, starts, end } = setUp();
  waiter();
  await clock.advance(10);
  end(0);
  await settle();

  expect(starts()).toEqual([0, 10]);
});

test('one timer beside those who wait: the next round has one', async () => {
  const { clock, waiter, end } = setUp();
  waiter();
  await clock.advance(1);
  expect(clock.timers).toBe(2);
  end(0);
  await settle();

  expect(clock.timers).toBe(2);
});

test('who comes while a round is under way gets one of his own after it', async () => {
  const { clock, waiter, starts, end } = setUp();
  const first = waiter();
  await clock.advance(5);
  const second = waiter();
  expect(starts()).toEqual([0]);

  first.fits = true;
  end(0);
  await settle();

  expect([first.result, second.result]).toEqual([true, undefined]);
  expect(starts()).toEqual([0, 5]);
});

test('a member that hangs does not hold up the next round: it begins beside', async () => {
  const { clock, waiter, starts } = setUp();
  waiter();
  await clock.advance(19);
  expect(starts()).toEqual([0]);

  await clock.advance(1);
  expect(starts()).toEqual([0, 20]);
});

test('who fits at a look need not wait for the round to end', async () => {
  const { clock, fresh, waiter } = setUp();
  const first = waiter();
  const second = waiter();
  first.fits = true;
  fresh.look();
  await settle();

  expect([first.result, second.result]).toEqual([true, undefined]);
  second.fits = true;
  fresh.look();
  expect(clock.timers).toBe(0);
});

test('when the time is over it does not fit, and nobody is asked any more', async () => {
  const { clock, waiter, rounds, starts, end } = setUp();
  const first = waiter(25);
  await clock.advance(25);

  expect(first.result).toBe(false);
  expect(clock.timers).toBe(0);
  const before = starts();
  for (const index of rounds.keys()) end(index);
  await clock.advance(100);
  expect(starts()).toEqual(before);
});

test('what fits at the last moment fits', async () => {
  const { clock, waiter } = setUp();
  const first = waiter(25);
  await clock.advance(24);
  first.fits = true;
  await clock.advance(1);

  expect(first.result).toBe(true);
});

test('each waits for his own time', async () => {
  const { clock, waiter } = setUp();
  const short = waiter(10);
  const long = waiter(30);
  await clock.advance(10);

  expect([short.result, long.result]).toEqual([false, undefined]);
  await clock.advance(20);
  expect(long.result).toBe(false);
});

test('a round that fails is one that ended', async () => {
  const { clock, waiter, rounds, starts } = setUp();
  const first = waiter();
  rounds[0]?.fail();
  await clock.advance(2);
  expect(starts()).toEqual([0, 2]);

  first.fits = true;
  rounds[1]?.fail();
  await settle();
  expect(first.result).toBe(true);
});

test('who comes right after another went asks no sooner than 2 ms after the last start', async () => {
  const { clock, waiter, starts, end } = setUp();
  const first = waiter();
  first.fits = true;
  end(0);
  await settle();
  await clock.advance(1);
  waiter();
  expect(starts()).toEqual([0]);

  await clock.advance(1);
  expect(starts()).toEqual([0, 2]);
});
