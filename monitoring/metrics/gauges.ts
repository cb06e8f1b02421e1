import type { FleetStatus, MemberStatus } from '../../lib';
import { type BoundedNames, OTHER } from './bounded-names';
import type { GaugeMetric, Labels } from './instruments';

/** One value of a gauge. */
export interface Reading {
  readonly metric: GaugeMetric;
  readonly labels: Labels;
  readonly value: number;
}

const BREAKER_VALUE = { closed: 0, 'half-open': 1, open: 2 } as const;

/** All gauges of a fleet, as of now. What is not known is absent: 0 would say that all is well. */
export function readGauges(status: FleetStatus, endpoints: BoundedNames): readonly Reading[] {
  const { bulkhead, flags, members } = status;
  return [
    ...members.flatMap(readMember),
    { metric: 'bulkhead', labels: {}, value: bulkhead.active },
    { metric: 'bulkheadMax', labels: {}, value: bulkhead.max },
    { metric: 'allOff', labels: {}, value: flags.allOff ? 1 : 0 },
    ...flags.endpoints.flatMap(({ endpoint: name, percent }): Reading[] => {
      const endpoint = endpoints.of(name);
      // What several have together has no share.
      return endpoint === OTHER ? [] : [{ metric: 'rollout', labels: { endpoint }, value: percent }];
    }),
  ];
}

function readMember({ name, role, state, lag, breaker, pool }: MemberStatus): readonly Reading[] {
  const member = { member: name };
  const labels = { member: name, role };
  const healthy = state.kind === 'serving' || state.kind === 'lagging';
  return [
    ...(lag === undefined ? [] : [{ metric: 'lagSeconds', labels: member, value: lag.seconds } as const]),
    ...(lag?.bytes === undefined ? [] : [{ metric: 'lagBytes', labels: member, value: lag.bytes } as const]),
    { metric: 'health', labels, value: healthy ? 1 : 0 },
    { metric: 'state', labels: { ...labels, state: state.kind }, value: 1 },
    { metric: 'breaker', labels, value: BREAKER_VALUE[breaker.state] },
    { metric: 'connections', labels: { ...labels, state: 'active' }, value: pool.total - pool.idle },
    { metric: 'connections', labels: { ...labels, state: 'idle' }, value: pool.idle },
    { metric: 'waiting', labels, value: pool.waiting },
    { metric: 'poolMax', labels, value: pool.max },
  ];
}
