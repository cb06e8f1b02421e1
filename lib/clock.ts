/** A timer that was set. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as the library sees it, so that tests can hold it still.
 *
 * Monotonic: a step of the wall clock must never make a replica look fresh.
 */
export interface Clock {
  /** Milliseconds since some fixed point; only differences mean anything. */
  now(): number;
  /** Calls `action` once, after `delayMs` milliseconds. */
  after(delayMs: number, action: () => void): Timer;
}

/** Milliseconds that a timer of Node's can be set for, about 24.8 days: a longer one rings after 1 ms. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, action) => timerOf(delayMs, action, (timer) => timer),
};

/** For work in the background: an app that has nothing else to do may end. */
export const backgroundClock: Clock = {
  now: systemClock.now,
  after: (delayMs, action) => timerOf(delayMs, action, (timer) => timer.unref()),
};

/** A timer for any time: one that is beyond Node's is set again until the rest fits. Infinity never rings. */
function timerOf(delayMs: number, action: () => void, keep: (timer: NodeJS.Timeout) => NodeJS.Timeout): Timer {
  if (!(delayMs > LONGEST_TIMER_MS)) {
    const timer = keep(setTimeout(action, delayMs));
    return { cancel: () => clearTimeout(timer) };
  }
  let rest: Timer;
  const timer = keep(
    setTimeout(() => {
      rest = timerOf(delayMs - LONGEST_TIMER_MS, action, keep);
    }, LONGEST_TIMER_MS),
  );
  rest = { cancel: () => clearTimeout(timer) };
  return { cancel: () => rest.cancel() };
}

/** Resolves after `delayMs` milliseconds of `clock`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
