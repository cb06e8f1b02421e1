import { type Clock, sleep } from '../lib/clock';
import { ReadfleetError } from '../lib/errors';
import type { Sample } from './emf';
import type { Measure, Measurement } from './measure';
import { SAMPLE_LIMIT_MS, type Sampling, sampleThrough } from './sampling';
import type { Servers } from './servers';

/** Pause between two looks at a reader whose age is not known yet. */
const SETTLE_PAUSE_MS = 250;
/** An invocation that is not done so long before Lambda would kill it ends by itself. Nothing is known to take so long. */
const CUT_MS = 1_000;

/** Who is asked. */
export interface Asked {
  readonly measure: Measure;
  readonly servers: Pick<Servers, 'take'>;
}

/** What is done with a sample of all members. @param at when it was due, in wall-clock milliseconds since 1970 */
export type Emit = (samples: readonly Sample[], at: number) => void;

/**
 * Measures through one invocation, and emits a sample of each member on the grid.
 *
 * Lambda lets nothing run between two invocations, so when one begins, the primary was not looked at for a while. A replica a moment behind
 * shows a position of that while, and by what is known it may be as old as all of it. So the first sample waits until no reader is
 * in that gap: a healthy one leaves it in as much time as it is behind. One that is still in it after half an interval is that far
 * behind at least, and is told so.
 *
 * @returns how many samples were emitted
 */
export async function measureThrough({ measure, servers }: Asked, emit: Emit, sampling: Sampling): Promise<number> {
  let isFirst = true;
  const lags = async () => {
    if (!isFirst) return measure.take();
    isFirst = false;
    await measure.start();
    return settled(measure, sampling.clock, patience(sampling));
  };
  const take = async () => {
    const at = Date.now();
    const [measurements, answers] = await Promise.all([lags(), servers.take()]);
    emit(
      measurements.map((measurement) => ({ ...measurement, server: answers.get(measurement.member) })),
      at,
    );
  };
  try {
    return await sampleThrough(take, sampling);
  } finally {
    await measure.pause();
  }
}

/**
 * {@link measureThrough}, which ends before Lambda would kill the process: a kill would tell nobody why.
 *
 * @throws ReadfleetError `READFLEET_EMITTER_DEADLINE`; nothing is emitted from then on
 */
export async function measureWithin(asked: Asked, emit: Emit, sampling: Sampling): Promise<void> {
  const { clock, remainingMs = () => Number.POSITIVE_INFINITY } = sampling;
  let isOver = false;
  const emitInTime: Emit = (samples, at) => {
    if (!isOver) emit(samples, at);
  };
  const measured = measureThrough(asked, emitInTime, sampling);
  const limitMs = Math.max(0, remainingMs() - CUT_MS);
  await withinTime(measured, clock, limitMs).finally(() => {
    isOver = true;
  });
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

function withinTime<T>(work: Promise<T>, clock: Clock, limitMs: number): Promise<T> {
  // A timer takes no infinity.
  if (limitMs === Number.POSITIVE_INFINITY) return work;
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () =>
      reject(
        new ReadfleetError(
          'READFLEET_EMITTER_DEADLINE',
          `the invocation was not done after ${Math.round(limitMs)} ms, and Lambda would have killed it soon: give the function more memory, which is more of a processor.`,
        ),
      ),
    );
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
