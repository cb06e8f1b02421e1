/** What a network does to what passes through it, the same in both directions. */
export interface Conditions {
  /** Added to everything on its way, in milliseconds. */
  readonly delayMs: number;
  /** On top of the delay: for each piece of data anew, evenly from 0 to this, in milliseconds. */
  readonly jitterMs: number;
  /** Of each connection, in each direction. `Infinity` is a line without a limit. */
  readonly bytesPerSecond: number;
  /** Nothing passes, and nobody is told. */
  readonly partitioned: boolean;
}

/** A network that does nothing but pass things on. */
export const CLEAR: Conditions = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  partitioned: false,
};

/** A throttled line takes this much at a time, in milliseconds of its speed: less would cost timers, more would come in gushes. */
export const SLICE_MS = 20;

/** When something reached the network, and what its share of the jitter is: 0 to 1. */
export interface Arrival {
  readonly at: number;
  readonly luck: number;
}

/**
 * When something may leave the network; `Infinity` while nothing may.
 *
 * Asked again whenever conditions change, so that they hold for what is on its way too.
 *
 * @param lineFreeAt when the line has passed on what came before
 */
export function departure(arrival: Arrival, conditions: Conditions, lineFreeAt: number): number {
  if (conditions.partitioned) return Number.POSITIVE_INFINITY;
  return Math.max(lineFreeAt, arrival.at + conditions.delayMs + arrival.luck * conditions.jitterMs);
}

/** How many bytes may leave in one go. */
export function sliceOf({ bytesPerSecond }: Conditions): number {
  return Math.max(1, Math.floor((bytesPerSecond * SLICE_MS) / 1_000));
}

/** When the line is free again after `bytes` that leave at `now`. Timers are late by a moment: one slice of that is made up for. */
export function lineBusyUntil(lineFreeAt: number, now: number, bytes: number, { bytesPerSecond }: Conditions): number {
  return Math.max(lineFreeAt, now - SLICE_MS) + (bytes * 1_000) / bytesPerSecond;
}
