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
  const bytes = lag?.bytes === undefined ? {} : { [LAG_METRICS.bytes]: lag.bytes };
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
 * In a cluster, members change places: a reader on the writer's timeline that is out of recovery is the present writer, and sound. Of
 * instances none should be: two that were promoted apart from each other can have timelines of one number.
 *
 * `promoted` is nowhere sound: not of instances, where it has left the fleet; nor in a cluster, where it is so for the moments of a failover
 * in which the writer's name has not followed yet, and beyond them only when two histories are written. The alarm outwaits the former.
 */
function isHealthy(state: MemberState, topology: FleetContract['topology']): boolean {
  if (state.kind === 'writing') return topology !== 'instances';
  return state.kind === 'serving' || state.kind === 'lagging';
}

/** For whoever reads the log: a property beside the metrics, not one of them. */
function reason(state: MemberState): { readonly reason?: string } {
  return 'reason' in state ? { reason: state.reason } : {};
}
