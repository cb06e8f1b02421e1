import type { Session, SessionMember } from './session';

/**
 * Whether a read that no replica fits yet should wait for one, before the primary is asked: only when some connected replica was last seen
 * less far behind than the wait is long. One that is further behind will hardly catch up within it.
 *
 * @param members replicas that are fit but for the session
 * @param waitMs  milliseconds that the read may wait
 */
export function worthWaiting(session: Session, members: readonly SessionMember[], waitMs: number): boolean {
  for (const member of members) {
    const { sighting, failure, lag } = member.facts;
    if (failure !== undefined || !sighting?.recovering || !sighting.receiving || !lag) continue;
    if (lag.seconds * 1_000 < waitMs && session.canCatchUp(member)) return true;
  }
  return false;
}
