import type { PassedOver } from '../errors';
import { disconnection, hasReplayed } from '../lag/lag';
import type { Lsn } from '../lag/lsn';
import type { Facts } from '../members/state';

/** What routing needs to know of a reader. */
export interface Candidate {
  readonly name: string;
  readonly weight: number;
  readonly facts: Facts;
}

/** What the writer last said, by which readers are judged. */
export interface PrimaryView {
  readonly reachable: boolean;
  readonly timeline: number | undefined;
  /** Its last known write position. */
  readonly lsn: Lsn | undefined;
}

/** A bound on the age of an answer. */
export interface Bound {
  /** Milliseconds; `Infinity` for any. */
  readonly maxStalenessMs: number;
  /**
   * The caller named it. A bound of the caller's is never stretched; the fleet's own default is, while the primary is gone, for replicas
   * that have replayed all that the primary was ever seen to write: no fresher answer exists that anybody knows of.
   */
  readonly explicit: boolean;
}

export interface Candidates<M> {
  /** May serve now. */
  readonly fit: readonly M[];
  /** May serve within the bound, but only when the primary has failed as well. */
  readonly reserve: readonly M[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * The readers that may serve a read, and why each other may not.
 *
 * @param now monotonic milliseconds, so that a clock step cannot make a replica fresh
 */
export function candidates<M extends Candidate>(
  readers: readonly M[],
  bound: Bound,
  primary: PrimaryView,
  now: number,
): Candidates<M> {
  const fit: M[] = [];
  const reserve: M[] = [];
  const passedOver: PassedOver[] = [];
  for (const reader of readers) {
    const { reason, inReserve } = judge(reader.facts, bound, primary, now);
    if (reason === undefined) fit.push(reader);
    else {
      passedOver.push({ member: reader.name, reason });
      if (inReserve) reserve.push(reader);
    }
  }
  return { fit, reserve, passedOver };
}

interface Verdict {
  readonly reason?: string;
  readonly inReserve?: boolean;
}

const FIT: Verdict = {};

function judge({ sighting, failure, provenAt }: Facts, bound: Bound, primary: PrimaryView, now: number): Verdict {
  if (failure !== undefined) return { reason: `unreachable: ${failure}` };
  if (!sighting) return { reason: 'not seen yet' };
  if (!sighting.recovering) return { reason: 'promoted' };
  const age = provenAt === undefined ? undefined : now - provenAt;
  const fresh = bound.maxStalenessMs === Number.POSITIVE_INFINITY || (age !== undefined && age <= bound.maxStalenessMs);
  const disconnected = disconnection(sighting, primary.timeline);
  if (disconnected) return { reason: disconnected, inReserve: fresh || stretches(bound, sighting, primary) };
  if (fresh) return FIT;
  const reason = age === undefined ? 'lag unknown' : `not proved fresher than ${Math.round(age)} ms`;
  return { reason, inReserve: stretches(bound, sighting, primary) };
}

function stretches(bound: Bound, sighting: Facts['sighting'], primary: PrimaryView): boolean {
  return !bound.explicit && !primary.reachable && hasReplayed(sighting, primary.lsn);
}
