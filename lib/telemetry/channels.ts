import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * Where each decision is told, for whoever subscribes by name (`node:diagnostics_channel`): metrics, traces, logs. Costs a test of a flag while
 * nobody does.
 *
 * - `readfleet:decision`: a statement is about to be sent: {@link Decision}
 * - `readfleet:outcome`: a read came to its end: {@link Outcome}
 * - `readfleet:event`: what {@link FleetEvents} tells, as `{ fleet, environment, event, ... }`
 */
export const channels = {
  decision: channel('readfleet:decision') as Channel,
  outcome: channel('readfleet:outcome') as Channel,
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
   * `not in the rollout`, `no replicas`), or `fallback`. Of a write: what makes it one, in the words of `Intent`.
   */
  readonly reason: string;
  /** Why each replica was not chosen; of fallbacks. */
  readonly passedOver: readonly { readonly member: string; readonly reason: string }[];
}

/** How a read ended. */
export interface Outcome {
  readonly fleet: string;
  readonly environment: string;
  readonly endpoint: string | undefined;
  readonly member: string | undefined;
  readonly error: unknown;
}
