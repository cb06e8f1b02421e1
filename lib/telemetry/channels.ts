import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * Where each decision is told, for whoever subscribes by name (`node:diagnostics_channel`): metrics, traces, logs. Costs a test of a flag while
 * nobody does.
 *
 * - `readfleet:decision`: a statement is about to be sent: {@link Decision}
 * - `readfleet:outcome`: a read, a write or a transaction came to its end: {@link Outcome}
 * - `readfleet:statement`: a member answered one statement, or failed to: {@link StatementEnd}
 * - `readfleet:event`: what {@link FleetEvents} tells, as `{ fleet, environment, event, ... }`
 */
export const channels = {
  decision: channel('readfleet:decision') as Channel,
  outcome: channel('readfleet:outcome') as Channel,
  statement: channel('readfleet:statement') as Channel,
  event: channel('readfleet:event') as Channel,
};

/** Where a statement goes, and why. */
export interface Decision {
  readonly fleet: string;
  readonly environment: string;
  readonly endpoint: string | undefined;
  readonly kind: 'read' | 'write';
  readonly member: string;
  readonly target: 'primary' | 'replica';
  /**
   * Of a read: `replica` or `last resort`; on the primary what asked for it (`strong`, `switched off`, `endpoint disabled`,
   * `not in the rollout`, `no replicas`, `isolation`), or `fallback`. Of a write: what makes it one, in the words of `Intent`; `transaction`; or
   * `client`, once for each connection that is checked out, whatever runs on it.
   */
  readonly reason: string;
  /** Why each replica was not chosen; of fallbacks. */
  readonly passedOver: readonly { readonly member: string; readonly reason: string }[];
  /**
   * Milliseconds from the call to this decision: what routing costs, and the wait for a replica to catch up with a session. Undefined of what is
   * decided later (another attempt, a hedge) and of connections that are checked out.
   */
  readonly ms: number | undefined;
}

/** How a read, a write or a transaction ended, as its caller sees it. */
export interface Outcome {
  readonly fleet: string;
  readonly environment: string;
  readonly endpoint: string | undefined;
  readonly kind: 'read' | 'write' | 'transaction';
  /** Who answered; undefined when it failed. */
  readonly member: string | undefined;
  readonly error: unknown;
  /** Milliseconds that its caller waited, all attempts together; undefined when nobody had subscribed at its beginning. */
  readonly ms: number | undefined;
}

/** How one statement ended on one member: attempts that failed are told as well, what was cancelled is not. */
export interface StatementEnd {
  readonly fleet: string;
  readonly environment: string;
  readonly member: string;
  readonly role: 'primary' | 'replica';
  /** Milliseconds, with the wait for a connection. */
  readonly ms: number;
  /** Whether the member or the way to it failed. An error of the statement's own is an answer. */
  readonly failed: boolean;
}
