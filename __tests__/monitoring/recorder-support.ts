import type { Decision, FleetStatus, MemberStatus, Outcome } from '../../lib';
import type { FleetEvents } from '../../lib/status';
import { channels } from '../../lib/telemetry/channels';
import { Recorder } from '../../monitoring/recorder';
import { ManualClock } from '../support/manual-clock';
import { memberStatus } from '../support/member-status';

let fleets = 0;

export function member(name: string, more: Partial<MemberStatus> = {}): MemberStatus {
  const lag = { seconds: 0.25, bytes: 10 };
  return memberStatus({ name, host: '10.0.0.1', state: { kind: 'serving', lag }, lag, latencyMs: 1, ...more });
}

/** A recorder of a fleet that is what the test says, on a clock that stands still. Times are seconds since the beginning. */
export function recording(members: readonly MemberStatus[] = [member('blue')]) {
  fleets += 1;
  const name = { fleet: `fleet ${fleets}`, environment: 'test' };
  const clock = new ManualClock();
  const shown = { members };
  const fleet = {
    contract: { ...name, lag: { warningSeconds: 1, criticalSeconds: 5 } } as never,
    status: (): FleetStatus => ({
      ...name,
      members: shown.members,
      flags: { allOff: false, endpoints: [] },
      bulkhead: { active: 0, queued: 0, shed: 0, max: 1 },
      retriesLeft: 1,
    }),
  };
  const recorder = new Recorder(fleet, { clock, now: () => clock.now() });
  return {
    clock,
    recorder,
    shown,
    name,
    decide: (decision: Partial<Decision> = {}) =>
      channels.decision.publish({
        ...name,
        endpoint: undefined,
        kind: 'read',
        member: 'blue',
        target: 'replica',
        reason: 'replica',
        passedOver: [],
        ms: 0,
        ...decision,
      } satisfies Decision),
    end: (outcome: Partial<Outcome> = {}) =>
      channels.outcome.publish({
        ...name,
        endpoint: undefined,
        kind: 'read',
        member: 'blue',
        error: undefined,
        ms: 1,
        ...outcome,
      } satisfies Outcome),
    happen: <Event extends keyof FleetEvents>(event: Event, what: FleetEvents[Event][0]) =>
      channels.event.publish({ ...name, event, ...what }),
  };
}
