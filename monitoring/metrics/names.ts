/**
 * Names and labels of the metrics of an app's fleets, in one place: the registry and the meter measure under them; alert rules and the dashboard
 * ask for them. All carry `fleet` and `environment`; Prometheus adds `instance`, the process.
 */
export const APP_METRICS = {
  /** Gauge {member}. Age of what the replica shows, in seconds; absent while unknown. */
  lagSeconds: 'replica_lag_seconds',
  /** Gauge {member}. WAL that it has not replayed; absent while unknown, and where positions are not counted in bytes. */
  lagBytes: 'replica_lag_bytes',
  /** Gauge {member, role}. 1 while it serves, or would but for its lag; else 0. */
  health: 'replica_health',
  /** Gauge {member, role, state}. 1 for the state that it is in. */
  state: 'fleet_member_state',
  /** Counter {target, endpoint, reason}. Reads by where they were sent: `replica`, `primary` (they asked for it), `fallback`. */
  reads: 'read_routing_total',
  /** Counter {endpoint, priority}. Reads that neither a replica nor the primary could take. */
  shed: 'read_shed_total',
  /** Counter. Reads for which a second member was asked. */
  hedged: 'read_hedged_total',
  /** Counter {kind}. Calls that failed for a member, routing or time; errors of a statement's own are none. */
  failures: 'call_failures_total',
  /** Histogram {kind}: `read`, `write`, `transaction`. What the caller waited, all attempts together, in seconds. */
  calls: 'call_duration_seconds',
  /** Histogram {member, role}. One statement on one member, with the wait for a connection, in seconds. */
  statements: 'statement_duration_seconds',
  /** Counter {member, role}. Statements that a member did not answer. */
  statementFailures: 'statement_failures_total',
  /** Histogram. From the call to the decision, in seconds. */
  decisions: 'routing_decision_seconds',
  /** Gauge {member, role}. 0 closed, 1 half-open, 2 open. */
  breaker: 'circuit_breaker_state',
  /** Gauge {member, role, state}: `active`, `idle`. Connections of the app's pool. */
  connections: 'connection_pool_connections',
  /** Gauge {member, role}. Callers that wait for a connection. */
  waiting: 'connection_pool_waiting',
  /** Gauge {member, role}. */
  poolMax: 'connection_pool_max',
  /** Gauge. Reads on the primary that no replica could take, now, and how many it may bear. */
  bulkhead: 'primary_fallback_active',
  bulkheadMax: 'primary_fallback_max',
  /** Counter. Times that another member became the primary. */
  failovers: 'fleet_failovers_total',
  /** Gauge {endpoint}. Share of its keys that replicas may serve, in percent; 0 while disabled. */
  rollout: 'endpoint_rollout_percent',
  /** Gauge. 1 while every endpoint is switched off by hand. */
  allOff: 'replicas_switched_off',
} as const;
