import { type Clock, sleep } from '../lib/clock';

/** EventBridge's shortest rate: the next invocation comes a minute after this one. */
const INVOCATION_MS = 60_000;
/** What one sample takes at most: members are asked at once, and one that hangs costs its time-out of 3 s. */
export const SAMPLE_LIMIT_MS = 5_000;
/** The most by which all samples of a function are late; less, where they are close to each other. */
const LATEST_MS = 1_000;

export interface Sampling {
  /** Milliseconds between the beginnings of two samples. Every minute or more: one sample for each invocation. */
  readonly everyMs: number;
  readonly clock: Clock;
  /**
   * Milliseconds from the beginning of an invocation to its first sample: see {@link lateness}.
   * @default 0
   */
  readonly lateMs?: number;
  /**
   * Milliseconds until the function is cut off. A sample that could be cut off does not begin.
   * @default - it is not
   */
  readonly remainingMs?: () => number;
}

/**
 * How late a function samples, by chance: EventBridge begins many at the same moment, whose fleets may stand on the same hardware.
 *
 * Drawn once for a function, not for each sample: it moves its grid, which stays even from one invocation to the next.
 *
 * @param everyMs between two samples, in milliseconds
 * @param random  in [0, 1)
 * @returns up to a tenth of the interval, and up to a second, in milliseconds
 */
export function lateness(everyMs: number, random: () => number): number {
  return Math.floor(Math.min(everyMs / 10, LATEST_MS) * random());
}

/**
 * Takes the samples of one invocation on a grid, the last a whole interval before the next invocation's first. So two invocations in turn
 * sample evenly, and do not overlap.
 *
 * @returns how many were taken
 */
export async function sampleThrough(take: () => Promise<void>, sampling: Sampling): Promise<number> {
  const { everyMs, clock, lateMs = 0, remainingMs = () => Number.POSITIVE_INFINITY } = sampling;
  const count = Math.max(1, Math.floor(INVOCATION_MS / everyMs));
  // However little time is left, one sample is taken.
  const begin = clock.now() + Math.max(0, Math.min(lateMs, remainingMs() - SAMPLE_LIMIT_MS));
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
