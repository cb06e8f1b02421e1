import type { LsnHistory } from './history';
import type { Lsn } from './lsn';
import type { Sighting } from './sighting';

/** How far a replica is behind, by the three signals: seconds and bytes here, and whether it is connected by its state. */
export interface Lag {
  /** Age of what the replica showed when it was last asked, in seconds; 0 when it had replayed all that the primary had written. */
  readonly seconds: number;
  /** Log written by the primary and not replayed by the replica, in bytes; undefined where positions are not counted in bytes (Aurora). */
  readonly bytes: number | undefined;
}

/**
 * The latest moment of which it is proved that the member shows everything committed before it. Of two proofs, its position in the log and
 * what its source knows of its age, each holds, so the younger counts.
 *
 * @returns monotonic milliseconds, or undefined when nothing is proved
 */
export function provenAtOf({ at, lsn, ageMs }: Sighting, history: LsnHistory): number | undefined {
  const byPosition = lsn === undefined ? undefined : history.provenAt(lsn);
  return ageMs === undefined ? byPosition : Math.max(byPosition ?? Number.NEGATIVE_INFINITY, at - ageMs);
}

/** A replica's age and distance at the time of `sighting`, or undefined while neither the primary's position nor its age is known. */
export function lagOf(sighting: Sighting, history: LsnHistory): Lag | undefined {
  const { at, lsn, ageMs } = sighting;
  const target = history.newest;
  const distance = target === undefined || lsn === undefined ? undefined : target - lsn;
  if (distance === undefined && ageMs === undefined) return undefined;
  const bytes = distance === undefined || ageMs !== undefined ? undefined : Math.max(0, Number(distance));
  if (distance !== undefined && distance <= 0n) return { seconds: 0, bytes };
  const provenAt = provenAtOf(sighting, history);
  // Older than what is remembered: all that can be said is that no shorter lag is possible. Infinity would hide how far in bytes.
  return { seconds: provenAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, at - provenAt) / 1_000, bytes };
}

/**
 * Why a standby does not follow the primary, or undefined when it does.
 *
 * @param primaryTimeline undefined while the primary has not been seen; then it is not held against the replica
 */
export function disconnection(sighting: Sighting, primaryTimeline: number | undefined): string | undefined {
  if (!sighting.receiving) return sighting.silence ?? 'no WAL receiver';
  if (sighting.timeline !== undefined && primaryTimeline !== undefined && sighting.timeline !== primaryTimeline) {
    return `follows timeline ${sighting.timeline}, the primary is on ${primaryTimeline}`;
  }
  return undefined;
}

/** Whether `sighting` shows everything up to `known`, the primary's last known position. */
export function hasReplayed(sighting: Sighting | undefined, known: Lsn | undefined): boolean {
  return sighting?.lsn !== undefined && known !== undefined && sighting.lsn >= known;
}
