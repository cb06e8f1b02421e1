import { disconnection, type Lag } from '../lag/lag';
import type { Sighting } from '../lag/sighting';

/**
 * What a member is good for, as told to people. Routing asks for more than this, since a bound belongs to a read.
 *
 * - `joining`: has not answered yet
 * - `serving`: a writer that takes writes; a replica within the fleet's bound
 * - `lagging`: a replica that replicates, further behind than the bound
 * - `disconnected`: a standby that receives no log from the primary
 * - `ejected`: does not answer, or its breaker is open
 * - `draining`: takes nothing new; what it has under way may end
 * - `gone`: was removed from the fleet
 * - `promoted`: a reader that left recovery on a timeline of its own: what it holds is no longer the primary's
 * - `writing`: a reader of a cluster that is, at present, the server behind the writer's name
 * - `demoted`: a writer that is in recovery
 * - `fenced`: a primary of before a failover: neither read nor written, unless it comes back as a standby of the present one
 */
export type MemberState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'serving'; readonly lag: Lag }
  | { readonly kind: 'lagging'; readonly lag: Lag | undefined }
  | { readonly kind: 'disconnected'; readonly lag: Lag | undefined; readonly reason: string }
  | { readonly kind: 'ejected'; readonly reason: string }
  | { readonly kind: 'draining' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'promoted' }
  | { readonly kind: 'writing' }
  | { readonly kind: 'demoted' }
  | { readonly kind: 'fenced'; readonly reason: string };

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

/** What may change a member's state. */
export type MemberEvent =
  /** The facts are others: it answered, or did not. */
  | { readonly kind: 'facts'; readonly facts: Facts; readonly view: View }
  /** Its breaker opened. */
  | { readonly kind: 'tripped'; readonly reason: string }
  /** Its breaker lets statements through again, be it on trial. */
  | { readonly kind: 'admitted'; readonly facts: Facts; readonly view: View }
  | { readonly kind: 'drain' }
  | { readonly kind: 'undrain'; readonly facts: Facts; readonly view: View }
  | { readonly kind: 'remove' }
  /** Another member is the primary now. */
  | { readonly kind: 'fence'; readonly reason: string };

/** From where a member is looked at. */
export interface View {
  readonly role: 'primary' | 'replica';
  readonly primaryTimeline: number | undefined;
  /** The fleet's bound on staleness, in milliseconds. */
  readonly boundMs: number;
  /** Whether its breaker is open. */
  readonly tripped?: string | undefined;
}

/** The one way from state to state. What people ordered (drain, remove, fence) outlasts what is seen; what is seen outlasts what was seen. */
export function transition(state: MemberState, event: MemberEvent): MemberState {
  if (state.kind === 'gone') return state;
  if (event.kind === 'remove') return { kind: 'gone' };
  if (event.kind === 'fence') return { kind: 'fenced', reason: event.reason };
  if (state.kind === 'fenced') return state;
  switch (event.kind) {
    case 'drain':
      return { kind: 'draining' };
    case 'undrain':
      return judge(event.facts, event.view);
    case 'tripped':
      return state.kind === 'draining' || saysMore(state) ? state : { kind: 'ejected', reason: event.reason };
    case 'facts':
    case 'admitted':
      return state.kind === 'draining' ? state : judge(event.facts, event.view);
  }
}

function judge(facts: Facts, view: View): MemberState {
  const state =
    view.role === 'primary' ? stateOfWriter(facts) : stateOfReader(facts, view.primaryTimeline, view.boundMs);
  return view.tripped === undefined || saysMore(state) ? state : { kind: 'ejected', reason: view.tripped };
}

/** Whether it says more of a member than that its breaker is open. */
function saysMore({ kind }: MemberState): boolean {
  return kind === 'promoted' || kind === 'demoted';
}

/** The state of a reader. @param bound the fleet's bound on staleness, in milliseconds */
export function stateOfReader(facts: Facts, primaryTimeline: number | undefined, bound: number): MemberState {
  const { sighting, failure, lag } = facts;
  if (failure !== undefined) return { kind: 'ejected', reason: failure };
  if (!sighting) return { kind: 'joining' };
  if (!sighting.recovering) {
    // A promotion begins a timeline of its own: on the primary's it is the primary, under another name.
    const same = sighting.timeline !== undefined && sighting.timeline === primaryTimeline;
    return { kind: same ? 'writing' : 'promoted' };
  }
  const reason = disconnection(sighting, primaryTimeline);
  if (reason) return { kind: 'disconnected', reason, lag };
  if (!lag || lag.seconds * 1_000 > bound) return { kind: 'lagging', lag };
  return { kind: 'serving', lag };
}

/** The state of the writer. */
export function stateOfWriter({ sighting, failure }: Facts): MemberState {
  if (failure !== undefined) return { kind: 'ejected', reason: failure };
  if (!sighting) return { kind: 'joining' };
  return sighting.recovering ? { kind: 'demoted' } : { kind: 'serving', lag: { seconds: 0, bytes: 0 } };
}
