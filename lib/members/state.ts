import { disconnection, type Lag } from '../lag/lag';
import type { Sighting } from '../lag/sighting';

/**
 * What a member is good for, as told to people. Routing asks {@link Facts} themselves, since a bound belongs to a read.
 *
 * - `joining`: has not answered yet
 * - `serving`: a writer that takes writes; a replica within the fleet's bound
 * - `lagging`: a replica that replicates, further behind than the bound
 * - `disconnected`: a standby that receives no log from the primary
 * - `promoted`: a reader that left recovery: what it holds is no longer the primary's
 * - `demoted`: a writer that is in recovery
 * - `unreachable`: does not answer
 */
export type MemberState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'serving'; readonly lag: Lag }
  | { readonly kind: 'lagging'; readonly lag: Lag | undefined }
  | { readonly kind: 'disconnected'; readonly lag: Lag | undefined; readonly reason: string }
  | { readonly kind: 'promoted' }
  | { readonly kind: 'demoted' }
  | { readonly kind: 'unreachable'; readonly error: string };

/** All that is known of a member. Written by the monitor and by failed statements, read by routing. */
export interface Facts {
  /** Its last answer. */
  readonly sighting?: Sighting;
  /** Why it does not answer; absent once it does again. */
  readonly failure?: string;
  /** Monotonic milliseconds: everything the primary committed before is visible on this replica. */
  readonly provenAt?: number;
  /** As of the last answer. */
  readonly lag?: Lag;
}

/** The state of a reader. @param bound the fleet's bound on staleness, in milliseconds */
export function stateOfReader(facts: Facts, primaryTimeline: number | undefined, bound: number): MemberState {
  const { sighting, failure, lag } = facts;
  if (failure !== undefined) return { kind: 'unreachable', error: failure };
  if (!sighting) return { kind: 'joining' };
  if (!sighting.recovering) return { kind: 'promoted' };
  const reason = disconnection(sighting, primaryTimeline);
  if (reason) return { kind: 'disconnected', reason, lag };
  if (!lag || lag.seconds * 1_000 > bound) return { kind: 'lagging', lag };
  return { kind: 'serving', lag };
}

/** The state of the writer. */
export function stateOfWriter({ sighting, failure }: Facts): MemberState {
  if (failure !== undefined) return { kind: 'unreachable', error: failure };
  if (!sighting) return { kind: 'joining' };
  return sighting.recovering ? { kind: 'demoted' } : { kind: 'serving', lag: { seconds: 0, bytes: 0 } };
}
