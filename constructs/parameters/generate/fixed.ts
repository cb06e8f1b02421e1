import type { FixedBecause, FixedSpec } from '../spec';
import type { Setting } from './settings';

/**
 * What RDS lets nobody set.
 *
 * The names are those with `IsModifiable: false` in `describe-db-parameters` of RDS for PostgreSQL 11 and of Aurora PostgreSQL
 * 10, 11 and 14 (published listings), and those that would give a shell, a file or the replication itself to a customer, which
 * RDS lists nowhere. What is merely doubtful is not here: a false refusal is worse than one at apply.
 */
const FIXED: Readonly<Record<FixedBecause, string>> = {
  'built-in': 'lc_collate lc_ctype',
  files: `
    bonjour bonjour_name cluster_name config_file data_directory dynamic_library_path event_source extension_control_path
    external_pid_file hba_file ident_file jit_provider krb_server_keyfile listen_addresses oauth_validator_libraries port
    ssl_ca_file ssl_cert_file ssl_crl_dir ssl_crl_file ssl_dh_params_file ssl_key_file ssl_passphrase_command
    ssl_passphrase_command_supports_reload stats_temp_directory unix_socket_directories unix_socket_group
    unix_socket_permissions`,
  recovery: `
    archive_cleanup_command archive_command archive_library archive_mode archive_timeout hot_standby primary_conninfo
    primary_slot_name promote_trigger_file recovery_end_command recovery_init_sync_method recovery_target
    recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time
    recovery_target_timeline recovery_target_xid restore_command synchronous_standby_names wal_level wal_sync_method`,
  logs: `
    log_directory log_file_mode log_line_prefix log_timezone log_truncate_on_rotation logging_collector syslog_facility
    syslog_ident syslog_sequence_numbers syslog_split_messages`,
  safety: `
    allow_alter_system allow_in_place_tablespaces data_sync_retry db_user_namespace exit_on_error fsync full_page_writes
    lo_compat_privileges rds.extensions rds.max_tcp_buffers rds.superuser_variables restart_after_crash
    superuser_reserved_connections`,
  developers: 'trace_recovery_messages',
};

/** Categories of `pg_settings` that RDS lists no parameter of, and the few exceptions. */
const CATEGORIES: Readonly<Record<string, FixedBecause>> = {
  'Preset Options': 'built-in',
  'Developer Options': 'developers',
};
const DEVELOPERS_WITH_USES = [
  'debug_parallel_query',
  'jit_expressions',
  'jit_tuple_deforming',
  'remove_temp_files_after_crash',
];

const INSTEAD: Readonly<Record<string, string>> = {
  wal_level: 'rds.logical_replication',
  'rds.extensions': 'rds.allowed_extensions',
  superuser_reserved_connections: 'rds.rds_superuser_reserved_connections',
};

const BY_NAME = new Map(
  Object.entries(FIXED).flatMap(([because, names]) =>
    (names.match(/\S+/g) ?? []).map((name) => [name, because as FixedBecause] as const),
  ),
);

/** Every name that is fixed whether or not the server at hand has it: older majors had others. */
export const FIXED_NAMES: readonly string[] = [...BY_NAME.keys()];

/** Why `name` cannot be set, or nothing when it can. */
export function fixed(name: string, setting?: Setting): FixedSpec | undefined {
  const byCategory = setting && !DEVELOPERS_WITH_USES.includes(name) ? CATEGORIES[setting.category] : undefined;
  const because = BY_NAME.get(name) ?? byCategory;
  if (!because) return undefined;
  const instead = INSTEAD[name];
  return { type: 'fixed', because, ...(instead ? { instead } : {}) };
}
