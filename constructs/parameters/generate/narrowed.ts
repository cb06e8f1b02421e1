import type { ParameterSpec } from '../spec';

/**
 * Where RDS takes less than PostgreSQL, counts otherwise, or has more than the server that the catalogue is generated from
 * was built with.
 *
 * RDS's ranges are those of `describe-db-cluster-parameters` for Aurora PostgreSQL 14 (a published listing) where both engines
 * are known to agree; where only Aurora is known to take less, it stands under `aurora`.
 */
export const NARROWED: Readonly<Record<string, Partial<ParameterSpec>>> = {
  autovacuum_freeze_max_age: { min: 100_000_000, max: 750_000_000 },
  autovacuum_max_workers: { earlier: { until: 17, type: 'integer', min: 1, max: 262_143, static: true } },
  autovacuum_multixact_freeze_max_age: { min: 10_000_000 },
  autovacuum_vacuum_cost_delay: { aurora: { fractions: false } },
  compute_query_id: { values: ['auto', 'on', 'off'] },
  default_toast_compression: { values: ['pglz', 'lz4'] },
  file_copy_method: { values: ['copy', 'clone'] },
  file_extend_method: { values: ['posix_fallocate', 'write_zeros'] },
  io_combine_limit: { earlier: { until: 17, type: 'size', unit: '8kB', min: 1, max: 32 } },
  io_method: { values: ['worker', 'sync', 'io_uring'] },
  krb_caseins_users: { words: ['false', 'true'] },
  log_connections: {
    type: 'list',
    values: ['receipt', 'authentication', 'authorization', 'setup_durations', 'all'],
    toggle: true,
    earlier: { until: 17, type: 'boolean' },
  },
  log_destination: { type: 'list', values: ['stderr', 'csvlog'] },
  log_filename: {
    type: 'enum',
    values: ['postgresql.log.%Y-%m-%d', 'postgresql.log.%Y-%m-%d-%H', 'postgresql.log.%Y-%m-%d-%H%M'],
  },
  log_rotation_age: { aurora: { min: 10, max: 1440, special: [] } },
  log_rotation_size: { aurora: { min: 50_000, max: 1_000_000, special: [] } },
  maintenance_work_mem: { earlier: { until: 16, type: 'size', unit: 'kB', min: 1024, max: 2_147_483_647 } },
  max_connections: { min: 6 },
  max_replication_slots: { min: 5 },
  max_standby_streaming_delay: { aurora: { min: 1000, max: 30_000, special: [] } },
  max_wal_senders: { min: 5 },
  // Two segments, which RDS makes of 64 MB.
  max_wal_size: { min: 128 },
  min_wal_size: { min: 128 },
  shared_preload_libraries: {
    type: 'list',
    values: [
      'auto_explain',
      'flow_control',
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
  },
  // AWS's page on RDS calls these two static, its listing of Aurora dynamic; `pending-reboot` is taken for either.
  ssl: { static: true, aurora: { static: false } },
  temp_file_limit: { static: true, aurora: { static: false } },
  vacuum_cost_delay: { aurora: { fractions: false } },
  vacuum_failsafe_age: { aurora: { max: 1_200_000_000 } },
  vacuum_multixact_failsafe_age: { aurora: { max: 1_200_000_000 } },
  wal_compression: { values: ['pglz', 'lz4', 'zstd', 'on', 'off'], earlier: { until: 14, type: 'boolean' } },
  wal_receiver_timeout: { aurora: { max: 3_600_000 } },
  wal_sender_timeout: { aurora: { max: 3_600_000 } },
};

/**
 * What Aurora's parameter groups do not have or do not let be set: it has no checkpoints, no WAL files and no replay of its own,
 * since its members share one storage. From the listings of Aurora PostgreSQL 10, 11 and 14.
 */
export const NOT_ON_AURORA: readonly string[] = `
  backtrace_functions bgwriter_delay bgwriter_flush_after bgwriter_lru_maxpages bgwriter_lru_multiplier
  checkpoint_completion_target checkpoint_flush_after checkpoint_timeout checkpoint_warning commit_delay commit_siblings
  effective_io_concurrency hot_standby_feedback huge_page_size huge_pages log_checkpoints maintenance_io_concurrency
  max_standby_archive_delay max_wal_size min_wal_size recovery_min_apply_delay recovery_prefetch summarize_wal
  wal_compression wal_decode_buffer_size wal_init_zero wal_keep_size wal_log_hints wal_receiver_create_temp_slot
  wal_receiver_status_interval wal_recycle wal_retrieve_retry_interval wal_skip_threshold wal_summary_keep_time
  wal_writer_delay wal_writer_flush_after`
  .trim()
  .split(/\s+/);
