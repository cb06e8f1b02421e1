import type { FleetContract } from '../lib/contract';
import { LAG_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../lib/lag/metrics';
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
  contract: Pick<FleetContract, 'fleet' | 'environment'>,
  { member, state, lag }: Measurement,
  at: number,
): Record<string, unknown> {
  const seconds = lag && Number.isFinite(lag.seconds) ? { [LAG_METRICS.seconds]: lag.seconds } : {};
  const bytes = lag ? { [LAG_METRICS.bytes]: lag.bytes } : {};
  const health = { [LAG_METRICS.health]: state.kind === 'serving' || state.kind === 'lagging' ? 1 : 0 };
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
    ...values,
  };
}
