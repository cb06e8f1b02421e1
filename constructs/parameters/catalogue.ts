import type { ParameterSpec } from './spec';

const MAX_INT = 2_147_483_647;

/**
 * The parameters that readfleet knows, by name. What is not here can be set with `custom()`.
 *
 * Units are those of RDS, which takes whole numbers only: `256MB` is refused there at apply, after a green plan.
 */
export const CATALOGUE = {
  /** Connections at most. A standby needs at least the primary's, which one group for all members gives. */
  max_connections: { type: 'integer', min: 6, max: 262_143, static: true },
  /** Page cache of PostgreSQL. RDS's own default is a quarter of the class's memory. */
  shared_buffers: { type: 'size', unit: '8kB', min: 16, max: 1_073_741_823, static: true },
  /** What the planner believes is cached, by PostgreSQL and the system together. */
  effective_cache_size: { type: 'size', unit: '8kB', min: 1, max: MAX_INT, static: false },
  /** Memory of VACUUM, CREATE INDEX and the like. */
  maintenance_work_mem: { type: 'size', unit: 'kB', min: 1024, max: MAX_INT, static: false },
  /** Memory of each sort or hash of each query. */
  work_mem: { type: 'size', unit: 'kB', min: 64, max: MAX_INT, static: false },
  /** Share of the time between checkpoints over which one is spread. */
  checkpoint_completion_target: { type: 'real', min: 0, max: 1, static: false },
  /** WAL that waits in memory; -1 is a 32nd of shared_buffers. */
  wal_buffers: { type: 'size', unit: '8kB', min: 1, max: 262_143, special: [-1], static: true },
  /** WAL kept for recycling. */
  min_wal_size: { type: 'size', unit: 'MB', min: 128, max: MAX_INT, static: false },
  /** WAL between two checkpoints, about. */
  max_wal_size: { type: 'size', unit: 'MB', min: 128, max: MAX_INT, static: false },
  /** Sample size of ANALYZE. */
  default_statistics_target: { type: 'integer', min: 1, max: 10_000, static: false },
  /** Cost of a random page relative to a sequential one; 1.1 fits SSDs. */
  random_page_cost: { type: 'real', min: 0, max: Number.MAX_VALUE, static: false },
  /** Concurrent reads that the storage is trusted with. */
  effective_io_concurrency: { type: 'integer', min: 0, max: 1000, static: false },

  /** Refuse connections without TLS. */
  'rds.force_ssl': { type: 'boolean', static: false },
  /** Replicas, base backups and slots that may stream at once. */
  max_wal_senders: { type: 'integer', min: 5, max: 262_143, static: true },
  /** Slots at most, of replicas and of logical consumers. */
  max_replication_slots: { type: 'integer', min: 5, max: 262_143, static: true },
  /** WAL that a slot may hold back before it is given up; -1 is no limit, and a dead replica can then fill the disk. */
  max_slot_wal_keep_size: { type: 'size', unit: 'MB', min: 0, max: MAX_INT, special: [-1], static: false },
  /** WAL kept for standbys that use no slot. */
  wal_keep_size: { type: 'size', unit: 'MB', min: 0, max: MAX_INT, static: false },
  /** Replicas tell the primary what they read: fewer cancelled reads there, more bloat on the primary. */
  hot_standby_feedback: { type: 'boolean', static: false },
  /** How long replay waits for a conflicting read; -1 waits for ever, and lag grows with it. */
  max_standby_streaming_delay: { type: 'duration', unit: 'ms', min: 0, max: MAX_INT, special: [-1], static: false },
  /** The same while a replica catches up from archived WAL. */
  max_standby_archive_delay: { type: 'duration', unit: 'ms', min: 0, max: MAX_INT, special: [-1], static: false },
  /** WAL with what logical decoding needs: more of it, so turn it on with a reason. */
  'rds.logical_replication': { type: 'boolean', static: true },
  /** Background workers at most; a standby needs at least the primary's. */
  max_worker_processes: { type: 'integer', min: 0, max: 262_143, static: true },
  /** Transactions in PREPARED state at most; a standby needs at least the primary's. */
  max_prepared_transactions: { type: 'integer', min: 0, max: 262_143, static: true },
  /** Size of the lock table; a standby needs at least the primary's. */
  max_locks_per_transaction: { type: 'integer', min: 10, max: MAX_INT, static: true },
  /** Libraries loaded at start. */
  shared_preload_libraries: {
    type: 'list',
    values: [
      'auto_explain',
      'orafce',
      'pg_ad_mapping',
      'pg_bigm',
      'pg_cron',
      'pg_hint_plan',
      'pg_prewarm',
      'pg_similarity',
      'pg_stat_statements',
      'pg_tle',
      'pg_transport',
      'pgactive',
      'pgaudit',
      'pglogical',
      'plprofiler',
      'plrust',
    ],
    static: true,
  },

  /** Statements that take this long are logged; -1 logs none. */
  log_min_duration_statement: { type: 'duration', unit: 'ms', min: 0, max: MAX_INT, special: [-1], static: false },
  /** Statements that take longer are cancelled; 0 never. */
  statement_timeout: { type: 'duration', unit: 'ms', min: 0, max: MAX_INT, special: [0], static: false },
  /** Sessions that idle in a transaction for longer are closed; 0 never. On a replica they hold replay back. */
  idle_in_transaction_session_timeout: {
    type: 'duration',
    unit: 'ms',
    min: 0,
    max: MAX_INT,
    special: [0],
    static: false,
  },
  /** Which statements are logged. */
  log_statement: { type: 'enum', values: ['none', 'ddl', 'mod', 'all'], static: false },
} as const satisfies Record<string, ParameterSpec>;

export type ParameterName = keyof typeof CATALOGUE;

export const PARAMETER_NAMES = Object.keys(CATALOGUE) as ParameterName[];

/** What is known of a parameter, or nothing when it is not in the catalogue. */
export function specOf(name: string): ParameterSpec | undefined {
  return Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name as ParameterName] : undefined;
}
