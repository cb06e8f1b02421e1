/**
 * Names of the metrics of replication, in one place: the emitter emits under them, the alarms and dashboards watch them.
 * Units are part of the meaning: seconds and bytes, never milliseconds.
 */
export const METRIC_NAMESPACE = 'Readfleet';

export const LAG_METRICS = {
  /** Age of what the replica shows, in seconds. Does not grow on an idle primary. */
  seconds: 'replica_lag_seconds',
  /** WAL that the primary has written and the replica has not replayed, in bytes. */
  bytes: 'replica_lag_bytes',
  /** 1 when the replica is in recovery, on the primary's timeline and receiving; else 0. */
  health: 'replica_health',
} as const;

/** What a server says of itself beside its lag. The emitter makes metrics of them when it is told to; as fields they are in each document. */
export const SERVER_METRICS = {
  /** Of a replica: 1 when it receives the log of the primary's timeline; else 0. */
  connected: 'replica_connected',
  /** Number of its timeline, one more with each promotion. */
  timeline: 'server_timeline',
  /** Connections of clients. */
  connections: 'server_connections',
  /**
   * WAL that the primary keeps for a replication slot, in bytes: of a primary the slot that is furthest behind, of a replica its own. Unlike
   * `replica_lag_bytes` it grows as well while the replica is away.
   */
  slotLag: 'replication_slot_lag_bytes',
} as const;

/** Dimensions that every metric carries, in this order. */
export const METRIC_DIMENSIONS = ['Fleet', 'Environment', 'Member'] as const;
