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

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Resolves after `delayMs` milliseconds of `clock`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
