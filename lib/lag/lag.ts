import type { LsnHistory } from './history';
import type { Lsn } from './lsn';
import type { Sighting } from './sighting';

/** How far a replica is behind, by the three signals: seconds and bytes here, connected in {@link disconnection}. */
export interface Lag {
  /** Age of what the replica showed when it was last asked, in seconds; 0 when it had replayed all that the primary had written. */
  readonly seconds: number;
  /** Log written by the primary and not replayed by the replica, in bytes. */
  readonly bytes: number;
}

/** A replica's age and distance at the time of `sighting`, or undefined while the primary's position is unknown. */
export function lagOf(sighting: Sighting, history: LsnHistory): Lag | undefined {
  const target = history.newest;
  if (target === undefined || sighting.lsn === undefined) return undefined;
  if (sighting.lsn >= target) return { seconds: 0, bytes: 0 };
  const provenAt = history.provenAt(sighting.lsn);
  return {
    // Older than what is remembered: all that can be said is that no shorter lag is possible. Infinity would hide how far in bytes.
    seconds: provenAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, sighting.at - provenAt) / 1_000,
    bytes: Number(target - sighting.lsn),
  };
}

/**
 * Why a standby does not follow the primary, or undefined when it does.
 *
 * @param primaryTimeline undefined while the primary has not been seen; then it is not held against the replica
 */
export function disconnection(sighting: Sighting, primaryTimeline: number | undefined): string | undefined {
  if (!sighting.receiving) return 'no WAL receiver';
  if (sighting.timeline !== undefined && primaryTimeline !== undefined && sighting.timeline !== primaryTimeline) {
    return `follows timeline ${sighting.timeline}, the primary is on ${primaryTimeline}`;
  }
  return undefined;
}

/** Whether `sighting` shows everything up to `known`, the primary's last known position. */
export function hasReplayed(sighting: Sighting | undefined, known: Lsn | undefined): boolean {
  return sighting?.lsn !== undefined && known !== undefined && sighting.lsn >= known;
}
