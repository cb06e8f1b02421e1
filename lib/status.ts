import type { Lag } from './lag/lag';
import type { Role } from './members/member';
import type { MemberState } from './members/state';

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
  /** Statements and transactions that ended here, since `connect()`. */
  readonly reads: number;
  readonly writes: number;
  /** Statements that failed for the member or the way to it; most were answered by another member. */
  readonly errors: number;
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number; readonly max: number };
}

/** The whole fleet, as of now. */
export interface FleetStatus {
  readonly fleet: string;
  readonly environment: string;
  /** The primary first, then the replicas in the contract's order. */
  readonly members: readonly MemberStatus[];
}

/** What {@link Fleet.on} tells. */
export interface FleetEvents {
  /** A member's state changed its kind. */
  state: [change: { readonly member: string; readonly from: MemberState; readonly to: MemberState }];
  /** A read that a replica could have served went to the primary; with the reason for each replica. */
  fallback: [fallback: { readonly passedOver: readonly { readonly member: string; readonly reason: string }[] }];
  /** A standby refused a statement that was taken for a read; from now on it goes to the primary. */
  learned: [lesson: { readonly text: string; readonly reason: string }];
}
