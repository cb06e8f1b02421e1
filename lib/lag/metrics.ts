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

/** Dimensions that every metric carries, in this order. */
export const METRIC_DIMENSIONS = ['Fleet', 'Environment', 'Member'] as const;
