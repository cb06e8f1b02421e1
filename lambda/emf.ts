import type { FleetContract } from '../lib/contract';
import { LAG_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../lib/lag/metrics';
import type { MemberState } from '../lib/members/state';
import type { Measurement } from './measure';

const UNITS = { [LAG_METRICS.seconds]: 'Seconds', [LAG_METRICS.bytes]: 'Bytes', [LAG_METRICS.health]: 'None' } as const;

/**
 * A measurement in CloudWatch's Embedded Metric Format: written to stdout it becomes metrics, without a call to an endpoint.
 *
 * Only what is known is emitted: an unknown lag is missing, never zero, and the health is 0 then.
 *
 * @param at wall-clock milliseconds since 1970, as CloudWatch wants them
 */
export function toEmf(
  contract: Pick<FleetContract, 'fleet' | 'environment' | 'topology'>,
  { member, state, lag, atLeast }: Measurement,
  at: number,
): Record<string, unknown> {
  const seconds = lag && Number.isFinite(lag.seconds) ? { [LAG_METRICS.seconds]: lag.seconds } : {};
  const bytes = lag ? { [LAG_METRICS.bytes]: lag.bytes } : {};
  const health = { [LAG_METRICS.health]: isHealthy(state, contract.topology) ? 1 : 0 };
  const values = { ...seconds, ...bytes, ...health };
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: UNITS[name as keyof typeof UNITS] }));
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[...METRIC_DIMENSIONS]], Metrics: metrics }],
    },
    Fleet: contract.fleet,
    Environment: contract.environment,
    Member: member,
    state: state.kind,
    ...reason(state),
    ...(atLeast ? { atLeast } : {}),
    ...values,
  };
}

/**
 * In a cluster, members change places: a reader that was promoted is the present writer, and sound. Of instances, it has left the
 * fleet, and what it holds is its own.
 */
function isHealthy(state: MemberState, topology: FleetContract['topology']): boolean {
  if (state.kind === 'promoted') return topology !== 'instances';
  return state.kind === 'serving' || state.kind === 'lagging';
}

/** For whoever reads the log: a property beside the metrics, not one of them. */
function reason(state: MemberState): { readonly reason?: string } {
  if (state.kind === 'unreachable') return { reason: state.error };
  return state.kind === 'disconnected' ? { reason: state.reason } : {};
}
