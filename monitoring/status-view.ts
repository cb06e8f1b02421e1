import type { FleetStatus, Lag, MemberState, MemberStatus } from '../lib';
import type { LagView, MemberView, StatusView } from './view';

/**
 * A status as JSON can carry it: without `undefined` and `Infinity`.
 *
 * @param thresholds of the fleet's contract
 * @param at         milliseconds since 1970
 */
export function statusView(status: FleetStatus, thresholds: StatusView['thresholds'], at: number): StatusView {
  const { warningSeconds, criticalSeconds } = thresholds;
  return {
    fleet: status.fleet,
    environment: status.environment,
    at,
    members: status.members.map(memberView),
    flags: flagsView(status.flags),
    bulkhead: { ...status.bulkhead },
    retriesLeft: status.retriesLeft,
    thresholds: { warningSeconds, criticalSeconds },
  };
}

export function memberView(member: MemberStatus): MemberView {
  const { state, zone, lag, breaker, ...rest } = member;
  return {
    ...rest,
    zone: zone ?? null,
    state: state.kind,
    reason: reasonOf(state),
    lag: lag ? lagView(lag) : null,
    breaker: { state: breaker.state, forced: breaker.forced ?? null },
  };
}

export function flagsView({ allOff, endpoints }: FleetStatus['flags']): StatusView['flags'] {
  return {
    allOff,
    endpoints: endpoints.map(({ endpoint, enabled, percent }) => ({ endpoint, enabled, rollout: percent })),
  };
}

/** Seconds are infinite of a replica that is further behind than the history of the primary goes: by how much is not known. */
function lagView({ seconds, bytes }: Lag): LagView {
  return { seconds: Number.isFinite(seconds) ? seconds : null, bytes: bytes ?? null };
}

function reasonOf(state: MemberState): string | null {
  return 'reason' in state ? state.reason : null;
}
