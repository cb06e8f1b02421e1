import type { Lsn } from '../lag/lsn';
import type { Sighting } from '../lag/sighting';

/** How a member was first seen out of recovery. */
export interface Promotion {
  /**
   * Monotonic milliseconds of that first sighting; -Infinity for a member that was never seen in recovery, whose promotion may lie
   * any time back.
   */
  readonly at: number;
  /** The position of that first sighting: where its log left the old primary's, and the little that a promotion itself writes. */
  readonly lsn: Lsn | undefined;
  readonly timeline: number | undefined;
}

/**
 * What is remembered of a member's promotion after one more answer; undefined while it is in recovery.
 *
 * What a promoted member says later proves nothing any more: its own writes move its position past everybody's.
 *
 * @param before   what was remembered until now
 * @param previous the member's answer before this one
 */
export function promotionOf(
  before: Promotion | undefined,
  previous: Sighting | undefined,
  { at, recovering, lsn, timeline }: Sighting,
): Promotion | undefined {
  if (recovering) return undefined;
  if (before !== undefined && before.timeline === timeline) return before;
  return { at: previous === undefined ? Number.NEGATIVE_INFINITY : at, lsn, timeline };
}
