import type { Lag } from './lag/lag';
import type { Role } from './members/member';
import type { MemberState } from './members/state';
import type { EndpointFlag } from './policy/flags';
import type { BreakerState } from './protection/breaker';

/** One member, as of now. */
export interface MemberStatus {
  readonly name: string;
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  readonly zone: string | undefined;
  readonly state: MemberState;
  /** As of the member's last answer; undefined for the primary and while it is not known. */
  readonly lag: Lag | undefined;
  /**
   * Statements that ended here, since `connect()`; each of a client that is checked out, and a `fleet.transaction()` as one. Without what ran while the
   * fleet was switched off.
   */
  readonly reads: number;
  readonly writes: number;
  /** Statements that failed for the member or the way to it; most were answered by another member. */
  readonly errors: number;
  /** Statements and transactions under way. */
  readonly inFlight: number;
  /** Moving average of how long its statements take, in milliseconds, that follows peaks. */
  readonly latencyMs: number;
  readonly breaker: { readonly state: BreakerState['kind']; readonly forced: 'open' | 'closed' | undefined };
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number; readonly max: number };
}

/** The whole fleet, as of now. */
export interface FleetStatus {
  readonly fleet: string;
  readonly environment: string;
  /** The primary first, then the replicas in the contract's order, then primaries of before a failover. */
  readonly members: readonly MemberStatus[];
  /** The switches of endpoints. */
  readonly flags: { readonly allOff: boolean; readonly endpoints: readonly EndpointFlag[] };
  /** Reads on the primary that no replica could take: at once, waiting, and shed since `connect()`. */
  readonly bulkhead: { readonly active: number; readonly queued: number; readonly shed: number; readonly max: number };
  /** Reads that may be tried again now. */
  readonly retriesLeft: number;
}

/** What {@link Fleet.on} tells. */
export interface FleetEvents {
  /** A member's state changed its kind. */
  state: [change: { readonly member: string; readonly from: MemberState; readonly to: MemberState }];
  /** A read that a replica could have served went to the primary; with the reason for each replica. */
  fallback: [
    fallback: {
      readonly endpoint: string | undefined;
      readonly passedOver: readonly { readonly member: string; readonly reason: string }[];
    },
  ];
  /** A standby refused a statement that was taken for a read; from now on it goes to the primary. */
  learned: [lesson: { readonly text: string; readonly reason: string }];
  /** The primary could not take a read that no replica could. */
  shed: [shed: { readonly endpoint: string | undefined; readonly priority: string; readonly reason: string }];
  /** A second member was asked, since the first was slow. */
  hedge: [hedge: { readonly member: string }];
  breaker: [change: { readonly member: string; readonly from: BreakerState; readonly to: BreakerState }];
  /** Another member is the primary now. */
  failover: [failover: { readonly from: string; readonly to: string; readonly reason: string }];
  /** The primary is gone, and nobody is provably its successor. */
  leaderless: [what: { readonly reason: string }];
  /** A switch of an endpoint was set. */
  flags: [flags: FleetStatus['flags']];
  /** A contract was loaded again and taken. */
  contract: [contract: { readonly added: readonly string[]; readonly removed: readonly string[] }];
  /** Something in the background failed and is tried again: the reading of a contract, or of the catalogue. */
  trouble: [trouble: { readonly what: string; readonly error: Error }];
  /** `close()` has done its work. Told before it resolves: whoever measures the fleet has let go of it by then. */
  closed: [nothing: Record<never, never>];
}
