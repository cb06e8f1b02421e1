import type { ConnectOptions } from 'readfleet';

/** Milliseconds after which an answer is too old, for every subject on a fleet. */
export const BOUND_MS = 1_000;

/** What a fleet learns in half a second by default, it learns at once, so that scenarios need not wait. Times that lapse are left long: a busy machine is no fault. */
export const FAST: ConnectOptions = {
  maxStalenessMs: BOUND_MS,
  slowStartMs: 0,
  lag: { pollMs: 50, timeoutMs: 1_000 },
  breaker: { openMs: 200 },
  closeTimeoutMs: 500,
};
