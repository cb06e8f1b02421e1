import type { Topology } from '../../lib/contract';
import { LAG_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../../lib/lag/metrics';
import type { Quantity, UnitOf } from './amount';

/** What CloudWatch makes of the samples of one period. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/**
 * What CloudWatch calls something that we watch.
 *
 * Alarms and dashboards take metrics from here alone, so that a name, a dimension or a unit is right once.
 */
export interface Metric<Q extends Quantity = Quantity> {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** What it measures: only an amount of the same can be its threshold. */
  readonly quantity: Q;
  /**
   * In which its numbers are. Not told to CloudWatch: an alarm that names a unit sees only what was emitted with that very unit.
   */
  readonly unit: UnitOf<Q>;
  readonly statistic: Statistic;
  /** Seconds of one data point. */
  readonly period: 60 | 300;
}

const MINUTE = 60;
const FIVE_MINUTES = 300;

// ---- What the emitter measures. ----

export interface FleetName {
  readonly fleet: string;
  readonly environment: string;
}

/** Age of what a reader shows: the worst sample of each minute. Does not grow on an idle primary. */
export function lagSeconds(fleet: FleetName, member: string): Metric<'time'> {
  return { ...emitted(fleet, member, LAG_METRICS.seconds), quantity: 'time', unit: 'Seconds', statistic: 'Maximum' };
}

/** WAL that a reader has not replayed: the worst sample of each minute. */
export function lagBytes(fleet: FleetName, member: string): Metric<'size'> {
  return { ...emitted(fleet, member, LAG_METRICS.bytes), quantity: 'size', unit: 'Bytes', statistic: 'Maximum' };
}

/** 1 when every sample of a minute found the member well. */
export function health(fleet: FleetName, member: string): Metric<'count'> {
  return { ...emitted(fleet, member, LAG_METRICS.health), quantity: 'count', unit: 'None', statistic: 'Minimum' };
}

/** How often a member was looked at in a minute, whatever came of it. */
export function samples(fleet: FleetName, member: string): Metric<'count'> {
  return { ...health(fleet, member), statistic: 'SampleCount' };
}

function emitted(fleet: FleetName, member: string, name: string) {
  const values: Record<(typeof METRIC_DIMENSIONS)[number], string> = {
    Fleet: fleet.fleet,
    Environment: fleet.environment,
    Member: member,
  };
  const dimensions = Object.fromEntries(METRIC_DIMENSIONS.map((dimension) => [dimension, values[dimension]]));
  return { namespace: METRIC_NAMESPACE, name, dimensions, period: MINUTE } as const;
}

// ---- What RDS measures of a server, by its identifier. Names and units are those of AWS's documentation as of 2026-06. ----

/** AWS's own lag: each topology has one of the two, in a unit of its own, and no data under the other's name. */
const REPLICA_LAG = {
  instances: { name: 'ReplicaLag', unit: 'Seconds' },
  'multi-az-cluster': { name: 'ReplicaLag', unit: 'Seconds' },
  aurora: { name: 'AuroraReplicaLag', unit: 'Milliseconds' },
} as const satisfies Record<Topology, { readonly name: string; readonly unit: UnitOf<'time'> }>;

/**
 * AWS's own lag of a server, under the name and in the unit of its topology. A server that writes has none.
 *
 * Of PostgreSQL it is `now() - pg_last_xact_replay_timestamp()`, which grows to five minutes on an idle primary; Aurora's does not.
 */
export function replicaLag(topology: Topology, identifier: string): Metric<'time'> {
  const { name, unit } = REPLICA_LAG[topology];
  return { ...ofServer(identifier, name), quantity: 'time', unit, statistic: 'Maximum' };
}

export function cpu(identifier: string): Metric<'share'> {
  return {
    ...ofServer(identifier, 'CPUUtilization'),
    quantity: 'share',
    unit: 'Percent',
    statistic: 'Average',
    period: FIVE_MINUTES,
  };
}

export function connections(identifier: string): Metric<'count'> {
  return { ...ofServer(identifier, 'DatabaseConnections'), quantity: 'count', unit: 'Count', statistic: 'Maximum' };
}

/** WAL that the slowest replication slot has not received. */
export function slotLag(identifier: string): Metric<'size'> {
  return bytes(identifier, 'OldestReplicationSlotLag', 'Maximum');
}

/** Files of the slots themselves: what logical decoding has spilled. */
export function slotDisk(identifier: string): Metric<'size'> {
  return bytes(identifier, 'ReplicationSlotDiskUsage', 'Maximum');
}

/** WAL on the disk. Aurora says -1 unless logical replication is on: it has no such files. */
export function walDisk(identifier: string): Metric<'size'> {
  return bytes(identifier, 'TransactionLogsDiskUsage', 'Maximum');
}

/** Aurora's storage belongs to the cluster and grows by itself, so its servers have no such metric. */
export function freeStorage(_topology: Exclude<Topology, 'aurora'>, identifier: string): Metric<'size'> {
  return bytes(identifier, 'FreeStorageSpace', 'Minimum');
}

/** What an Aurora server has for temporary files and logs. */
export function freeLocalStorage(_topology: Extract<Topology, 'aurora'>, identifier: string): Metric<'size'> {
  return bytes(identifier, 'FreeLocalStorage', 'Minimum');
}

/** How long an Aurora server runs. One that is down says nothing. */
export function uptime(_topology: Extract<Topology, 'aurora'>, identifier: string): Metric<'time'> {
  return { ...ofServer(identifier, 'EngineUptime'), quantity: 'time', unit: 'Seconds', statistic: 'Maximum' };
}

function bytes(identifier: string, name: string, statistic: Statistic): Metric<'size'> {
  return { ...ofServer(identifier, name), quantity: 'size', unit: 'Bytes', statistic };
}

function ofServer(identifier: string, name: string) {
  return { namespace: 'AWS/RDS', name, dimensions: { DBInstanceIdentifier: identifier }, period: MINUTE } as const;
}

// ---- What RDS measures of a proxy, over all of its endpoints. ----

/** How long clients wait for a connection to the database. */
export function borrowLatency(proxyName: string): Metric<'time'> {
  return {
    ...ofProxy(proxyName, 'DatabaseConnectionsBorrowLatency'),
    quantity: 'time',
    unit: 'Microseconds',
    statistic: 'Average',
  };
}

/** Connections to the database that the proxy tried to open and could not. */
export function failedConnections(proxyName: string): Metric<'count'> {
  return { ...ofProxy(proxyName, 'DatabaseConnectionsSetupFailed'), ...SUM };
}

/** Clients that were turned away: wrong credentials, no TLS. */
export function refusedClients(proxyName: string): Metric<'count'> {
  return { ...ofProxy(proxyName, 'ClientConnectionsSetupFailedAuth'), ...SUM };
}

/** A proxy is several servers: their sum is the proxy's. */
export function clientConnections(proxyName: string): Metric<'count'> {
  return { ...ofProxy(proxyName, 'ClientConnections'), ...SUM };
}

/** What the proxy holds to the database. */
export function proxiedConnections(proxyName: string): Metric<'count'> {
  return { ...ofProxy(proxyName, 'DatabaseConnections'), ...SUM };
}

/** Connections that one client keeps to itself, since it changed the session. */
export function pinnedConnections(proxyName: string): Metric<'count'> {
  return { ...ofProxy(proxyName, 'DatabaseConnectionsCurrentlySessionPinned'), ...SUM };
}

const SUM = { quantity: 'count', unit: 'Count', statistic: 'Sum' } as const;

function ofProxy(proxyName: string, name: string) {
  return { namespace: 'AWS/RDS', name, dimensions: { ProxyName: proxyName }, period: MINUTE } as const;
}

// ---- The emitter itself. ----

export function invocations(functionName: string): Metric<'count'> {
  return { ...ofFunction(functionName, 'Invocations'), ...SUM };
}

export function errors(functionName: string): Metric<'count'> {
  return { ...ofFunction(functionName, 'Errors'), ...SUM };
}

export function duration(functionName: string): Metric<'time'> {
  return { ...ofFunction(functionName, 'Duration'), quantity: 'time', unit: 'Milliseconds', statistic: 'Maximum' };
}

function ofFunction(functionName: string, name: string) {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName }, period: MINUTE } as const;
}

/** How often EventBridge could not call the function: no permission, no such function. */
export function failedInvocations(ruleName: string): Metric<'count'> {
  const dimensions = { RuleName: ruleName };
  return { namespace: 'AWS/Events', name: 'FailedInvocations', dimensions, period: MINUTE, ...SUM };
}

export function visibleMessages(queueName: string): Metric<'count'> {
  return {
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queueName },
    period: MINUTE,
    quantity: 'count',
    unit: 'Count',
    statistic: 'Maximum',
  };
}
