import type { EngineMajor } from '../../environment/types/database';
import type { Addition } from './additions';

/**
 * The major version that brought a parameter, where not every supported one has it. Found by comparing `pg_settings` of real
 * servers: 14.23, 15.18, 16.14, 17.10 and 18.4. What a minor brought counts as its major's.
 */
const BROUGHT: Readonly<Partial<Record<EngineMajor, string>>> = {
  15: `
    archive_library log_startup_progress_interval recovery_prefetch recursive_worktable_factor shared_memory_size
    shared_memory_size_in_huge_pages stats_fetch_consistency wal_decode_buffer_size`,
  16: `
    auto_explain.log_parameter_max_length createrole_self_grant debug_io_direct debug_logical_replication_streaming
    debug_parallel_query enable_presorted_aggregate file_extend_method gss_accept_delegation icu_validation_level
    max_parallel_apply_workers_per_subscription reserved_connections scram_iterations send_abort_for_crash
    send_abort_for_kill vacuum_buffer_usage_limit`,
  17: `
    allow_alter_system commit_timestamp_buffers enable_group_by_reordering event_triggers huge_pages_status
    io_combine_limit max_notify_queue_pages multixact_member_buffers multixact_offset_buffers notify_buffers
    serializable_buffers subtransaction_buffers summarize_wal sync_replication_slots synchronized_standby_slots
    trace_connection_negotiation transaction_buffers transaction_timeout wal_summary_keep_time`,
  18: `
    autovacuum_vacuum_max_threshold autovacuum_worker_slots enable_distinct_reordering enable_self_join_elimination
    extension_control_path file_copy_method idle_replication_slot_timeout io_max_combine_limit io_max_concurrency io_method
    io_workers log_lock_failures max_active_replication_origins md5_password_warnings num_os_semaphores
    oauth_validator_libraries ssl_groups ssl_tls13_ciphers track_cost_delay_timing vacuum_max_eager_freeze_failure_rate
    vacuum_truncate`,
};

export const SINCE: ReadonlyMap<string, EngineMajor> = new Map(
  Object.entries(BROUGHT).flatMap(([major, names]) =>
    (names.match(/\S+/g) ?? []).map((name) => [name, Number(major) as EngineMajor] as const),
  ),
);

/** What older majors had and the newest has not. */
export const GONE: Readonly<Record<string, Addition>> = {
  force_parallel_mode: {
    spec: { type: 'boolean', until: 15 },
    doc: 'Forces use of parallel query facilities. It is debug_parallel_query since 16.',
  },
  old_snapshot_threshold: {
    spec: { type: 'duration', unit: 'min', min: 0, max: 86_400, special: [-1, 0], static: true, until: 16 },
    doc: 'Time before a snapshot is too old to read pages changed after the snapshot was taken.',
  },
  ssl_ecdh_curve: {
    spec: { type: 'text', until: 17 },
    doc: 'Sets the curve to use for ECDH. It is ssl_groups since 18.',
  },
  vacuum_defer_cleanup_age: {
    spec: { type: 'integer', min: 0, max: 1_000_000, until: 15 },
    doc: 'Number of transactions by which VACUUM and HOT cleanup should be deferred, if any.',
  },
};
