import { LAG_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE, SERVER_METRICS } from '../lib/lag/metrics';
import type { MemberState } from '../lib/members/state';
import type { EmitterContract } from './emitter-contract';
import type { Measurement } from './measure';
import type { ServerAnswer } from './servers';

const UNITS = {
  [LAG_METRICS.seconds]: 'Seconds',
  [LAG_METRICS.bytes]: 'Bytes',
  [LAG_METRICS.health]: 'None',
  [SERVER_METRICS.connected]: 'None',
  [SERVER_METRICS.timeline]: 'None',
  [SERVER_METRICS.connections]: 'Count',
  [SERVER_METRICS.slotLag]: 'Bytes',
} as const;

type MetricName = keyof typeof UNITS;
/** What is known; what is not is undefined, and left out. */
type Values = Readonly<Partial<Record<MetricName, number | undefined>>>;

/** What was found out about one member. */
export interface Sample extends Measurement {
  /** What its server says beside. @default - it was not asked */
  readonly server?: ServerAnswer | undefined;
}

export interface EmfOptions {
  /**
   * Whether what the server says of itself becomes metrics as well. It stands in the document in any case.
   * @default false
   */
  readonly serverMetrics?: boolean;
  /**
   * Whether CloudWatch keeps each sample.
   * @default false - it keeps what becomes of a minute's samples
   */
  readonly highResolution?: boolean;
}

/**
 * A measurement in CloudWatch's Embedded Metric Format: written to stdout it becomes metrics, without a call to an endpoint.
 *
 * Only what is known is emitted: an unknown lag is missing, never zero, and the health is 0 then. What is no metric is a field of the log.
 *
 * @param at wall-clock milliseconds since 1970, as CloudWatch wants them
 */
export function toEmf(
  contract: Pick<EmitterContract, 'fleet' | 'environment' | 'topology'>,
  { member, state, lag, atLeast, sighting, server }: Sample,
  at: number,
  { serverMetrics = false, highResolution = false }: EmfOptions = {},
): Record<string, unknown> {
  const lagValues: Values = {
    // JSON has no infinity: a lag older than all that is remembered is told in bytes.
    [LAG_METRICS.seconds]: lag && Number.isFinite(lag.seconds) ? lag.seconds : undefined,
    [LAG_METRICS.bytes]: lag?.bytes,
    [LAG_METRICS.health]: isHealthy(state, contract.topology) ? 1 : 0,
  };
  const report = server && !('failure' in server) ? server : undefined;
  const serverValues: Values = {
    [SERVER_METRICS.connected]: sighting?.recovering ? Number(state.kind !== 'disconnected') : undefined,
    [SERVER_METRICS.timeline]: sighting?.timeline,
    [SERVER_METRICS.connections]: report?.connections,
    [SERVER_METRICS.slotLag]: report?.slot?.lagBytes,
  };
  const known = Object.entries({ ...lagValues, ...(serverMetrics ? serverValues : {}) });
  const metrics = known.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [{ Name: name, Unit: UNITS[name as MetricName], ...(highResolution && { StorageResolution: 1 }) }],
  );
  const document = {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[...METRIC_DIMENSIONS]], Metrics: metrics }],
    },
    Fleet: contract.fleet,
    Environment: contract.environment,
    Member: member,
    state: state.kind,
    reason: 'reason' in state ? state.reason : undefined,
    atLeast,
    role: sighting && (sighting.recovering ? 'replica' : 'primary'),
    ...lagValues,
    ...serverValues,
    server_max_connections: report?.maxConnections,
    replication_slot: report?.slot?.name,
    // Whoever does not answer at all has a reason already.
    server_failure: sighting && server && 'failure' in server ? server.failure : undefined,
  };
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

/**
 * In a cluster, members change places: a reader on the writer's timeline that is out of recovery is the present writer, and sound. Of
 * instances none should be: two that were promoted apart from each other can have timelines of one number.
 *
 * `promoted` is nowhere sound: not of instances, where it has left the fleet; nor in a cluster, where it is so for the moments of a failover
 * in which the writer's name has not followed yet, and beyond them only when two histories are written. The alarm outwaits the former.
 */
function isHealthy(state: MemberState, topology: EmitterContract['topology']): boolean {
  if (state.kind === 'writing') return topology !== 'instances';
  return state.kind === 'serving' || state.kind === 'lagging';
}
