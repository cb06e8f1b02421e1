import { type Clock, sleep } from '../lib/clock';

/** EventBridge's shortest rate: the next invocation comes a minute after this one. */
const INVOCATION_MS = 60_000;
/** What one sample takes at most: members are asked at once, and one that hangs costs its time-out of 3 s. */
export const SAMPLE_LIMIT_MS = 5_000;

export interface Sampling {
  /** Milliseconds between the beginnings of two samples. Every minute or more: one sample for each invocation. */
  readonly everyMs: number;
  readonly clock: Clock;
  /**
   * Milliseconds until the function is cut off. A sample that could be cut off does not begin.
   * @default - it is not
   */
  readonly remainingMs?: () => number;
}

/**
 * Takes the samples of one invocation: the first at once, the others on a grid from there, the last a whole interval before the
 * next invocation begins. So two invocations in turn sample evenly, and do not overlap.
 *
 * @returns how many were taken
 */
export async function sampleThrough(take: () => Promise<void>, sampling: Sampling): Promise<number> {
  const { everyMs, clock, remainingMs = () => Number.POSITIVE_INFINITY } = sampling;
  const count = Math.max(1, Math.floor(INVOCATION_MS / everyMs));
  const begin = clock.now();
  let taken = 0;
  while (taken < count) {
    // On the grid, not after a pause: what a sample takes must not move the next.
    const wait = Math.max(0, begin + taken * everyMs - clock.now());
    if (taken > 0 && remainingMs() - wait < SAMPLE_LIMIT_MS) break;
    if (wait > 0) await sleep(clock, wait);
    await take();
    taken += 1;
  }
  return taken;
}
