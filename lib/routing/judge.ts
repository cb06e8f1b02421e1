import { disconnection, hasReplayed } from '../lag/lag';
import type { Lsn } from '../lag/lsn';
import type { Facts, MemberState } from '../members/state';
import type { Policy } from '../policy/policy';
import type { SessionMember } from '../session/session';

/** What routing needs to know of a reader. */
export interface Candidate extends SessionMember {
  readonly state: MemberState;
  readonly facts: Facts;
  /** Whether its breaker lets a statement through. */
  allows(now: number): boolean;
  /** Whether a person ordered its breaker open. */
  readonly forcedOpen: boolean;
}

/** What the writer last said, by which readers are judged. */
export interface PrimaryView {
  readonly reachable: boolean;
  readonly timeline: number | undefined;
  /** Its last known write position. */
  readonly lsn: Lsn | undefined;
}

/**
 * Whether a reader may serve a read.
 *
 * - `fit`: now
 * - `tripped`: it could, but its breaker is open: asked when the primary cannot take the read either, rather than nobody
 * - `reserve`: within the bound, but it hears nothing from the primary: asked when the primary has failed
 * - `behind`: within the bound, but the session has seen newer
 * - `unfit`: not at all
 */
export type Verdict = 'fit' | 'tripped' | 'reserve' | 'behind' | 'unfit';

/**
 * The one decision on a reader and a read.
 *
 * @param now monotonic milliseconds, so that a clock step cannot make a replica fresh
 */
export function judge(reader: Candidate, policy: Policy, primary: PrimaryView, now: number): Verdict {
  const { facts, state } = reader;
  const { sighting, provenAt } = facts;
  if (facts.failure !== undefined || !sighting?.recovering || isOut(state)) return 'unfit';
  const bound = policy.maxStalenessMs;
  const fresh = bound === Number.POSITIVE_INFINITY || (provenAt !== undefined && now - provenAt <= bound);
  const connected = disconnection(sighting, primary.timeline) === undefined;
  if (!fresh || !connected) {
    if (!fresh && !stretches(policy, facts, primary)) return 'unfit';
    return policy.session?.refusal(reader, primary) === undefined ? 'reserve' : 'unfit';
  }
  if (policy.session?.refusal(reader, primary) !== undefined) return 'behind';
  if (reader.allows(now)) return 'fit';
  return reader.forcedOpen ? 'unfit' : 'tripped';
}

/** Why a reader was passed over, for people. As {@link judge}, which has no time for words. */
export function reasonOf(reader: Candidate, policy: Policy, primary: PrimaryView, now: number): string | undefined {
  const { facts, state } = reader;
  const { sighting, provenAt, failure } = facts;
  if (isOut(state)) return state.kind === 'fenced' ? `fenced: ${state.reason}` : state.kind;
  if (failure !== undefined) return `unreachable: ${failure}`;
  if (!sighting) return 'not seen yet';
  if (!sighting.recovering) return state.kind === 'writing' ? 'is the primary' : 'promoted';
  const disconnected = disconnection(sighting, primary.timeline);
  if (disconnected) return disconnected;
  if (policy.maxStalenessMs !== Number.POSITIVE_INFINITY) {
    if (provenAt === undefined) return 'lag unknown';
    if (now - provenAt > policy.maxStalenessMs) return `not proved fresher than ${Math.round(now - provenAt)} ms`;
  }
  const refusal = policy.session?.refusal(reader, primary);
  if (refusal) return refusal;
  if (reader.allows(now)) return undefined;
  return reader.forcedOpen ? 'its breaker was opened by hand' : 'its breaker is open';
}

function isOut({ kind }: MemberState): boolean {
  return kind === 'draining' || kind === 'gone' || kind === 'fenced';
}

function stretches(policy: Policy, { sighting }: Facts, primary: PrimaryView): boolean {
  return !policy.explicit && !primary.reachable && hasReplayed(sighting, primary.lsn);
}
