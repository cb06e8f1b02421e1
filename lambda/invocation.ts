import { type Clock, sleep } from '../lib/clock';
import type { Measure, Measurement } from './measure';
import { SAMPLE_LIMIT_MS, type Sampling, sampleThrough } from './sampling';

/** Pause between two looks at a reader whose age is not known yet. */
const SETTLE_PAUSE_MS = 250;

/**
 * Measures through one invocation, and emits a sample of each member on the grid.
 *
 * Lambda lets nothing run between two invocations, so when one begins, the primary was not looked at for a while. A replica a moment behind
 * shows a position of that while, and by what is known it may be as old as all of it. So the first sample waits until no reader is
 * in that gap: a healthy one leaves it in as much time as it is behind. One that is still in it after half an interval is that far
 * behind at least, and is told so.
 *
 * @param emit is given the moment at which the sample was due, in wall-clock milliseconds since 1970
 * @returns how many samples were emitted
 */
export async function measureThrough(
  measure: Measure,
  emit: (measurements: readonly Measurement[], at: number) => void,
  sampling: Sampling,
): Promise<number> {
  let isFirst = true;
  const take = async () => {
    const at = Date.now();
    if (isFirst) await measure.start();
    emit(isFirst ? await settled(measure, sampling.clock, patience(sampling)) : await measure.take(), at);
    isFirst = false;
  };
  try {
    return await sampleThrough(take, sampling);
  } finally {
    await measure.pause();
  }
}

function patience({ everyMs, remainingMs }: Sampling): number {
  return Math.min(everyMs / 2, (remainingMs?.() ?? Number.POSITIVE_INFINITY) - SAMPLE_LIMIT_MS);
}

/** The first sample in which each reader's age is known, or the last within the time. */
async function settled(measure: Measure, clock: Clock, limitMs: number): Promise<readonly Measurement[]> {
  const until = clock.now() + limitMs;
  for (;;) {
    const measurements = await measure.take();
    const isKnown = measurements.every(({ atLeast }) => !atLeast);
    if (isKnown || clock.now() + SETTLE_PAUSE_MS > until) return measurements;
    await sleep(clock, SETTLE_PAUSE_MS);
  }
}
