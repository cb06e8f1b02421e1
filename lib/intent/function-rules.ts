import { arguable, BINDS, certain, type Finding } from './intent';

/**
 * Volatile functions of PostgreSQL that a hot standby runs as well as a primary does, and that leave nothing behind.
 * Volatile here only says that two calls may differ, and so may two servers.
 */
const HARMLESS: ReadonlyMap<string, string> = new Map([
  ...reason('random, but of no one else: the generator is private to the session and nothing is stored', [
    'random',
    'random_normal',
    'gen_random_uuid',
    'uuidv4',
    'uuidv7',
    'array_sample',
    'array_shuffle',
  ]),
  ...reason('reads a clock', ['clock_timestamp', 'timeofday']),
  ...reason('waits, and blocks nobody', ['pg_sleep', 'pg_sleep_for', 'pg_sleep_until']),
  ...reason('reads the catalogue, which is replicated', ['pg_partition_ancestors', 'pg_partition_tree']),
  ...reason('echoes the statement itself', ['current_query']),
]);

const EFFECT = 'acts on the server';
const SESSION = 'session state';
const SERVER = 'asks about the server';
const XID = 'assigns a transaction id';

/**
 * Functions that must not go to a standby whatever their volatility label says, in whichever schema they are found:
 * those which a standby accepts in silence, those which it refuses although labelled stable, and those whose answer
 * belongs to one server. All other functions are decided by the catalogue.
 */
const RULES: readonly (readonly [RegExp, (name: string) => Finding])[] = [
  // currval() and lastval() answer with what the session itself was given.
  [/^(nextval|setval)$/, (name) => certain(volatile(name), BINDS)],
  [/^(currval|lastval|pg_sequence_last_value|pg_get_sequence_data)$/, (name) => certain(volatile(name))],
  // Taken on the standby they exclude nobody on the primary.
  [/^pg_(try_)?advisory_xact_/, () => certain('advisory lock')],
  [/^pg_(try_)?advisory_/, () => certain('advisory lock', BINDS)],
  [/^(set_config|setseed)$/, (name) => certain(`${SESSION}: ${name}`, BINDS)],
  // Labelled stable. What was SET, and for whom, is known to the session in which SET ran: on the primary.
  [
    /^(current_setting|pg_backend_pid|pg_cursor|pg_prepared_statement|pg_listening_channels|pg_my_temp_schema|inet_client_addr|inet_client_port)$/,
    (name) => arguable(`${SESSION}: ${name}`),
  ],
  [/^(txid_current|pg_current_xact_id)$/, () => certain(XID)],
  [/^(txid_current|pg_current)_(if_assigned|snapshot|xact_id_if_assigned)$/, (name) => certain(`${SERVER}: ${name}`)],
  [
    /^(pg_notify|pg_stat_(reset|clear|force).*|pg_logical_emit_message|pg_terminate_backend|pg_cancel_backend|pg_switch_wal|pg_promote|pg_reload_conf|pg_rotate_logfile)$/,
    (name) => certain(`${EFFECT}: ${name}`),
  ],
  // Temporary slots, origins and snapshots are the session's.
  [
    /^(pg_logical_.*|pg_create_.*|pg_drop_.*|pg_replication_.*|pg_export_snapshot)$/,
    (name) => certain(`${EFFECT}: ${name}`, BINDS),
  ],
  // Labelled stable, but "recovery is in progress" on a standby.
  [/^pg_walfile_name(_offset)?$/, (name) => certain(`${SERVER}: ${name}`)],
  [/^pg_current_wal_/, (name) => certain(`${SERVER}: ${name}`)],
  [
    /^(lo_(close|creat|create|export|from_bytea|get|import|lseek|lseek64|manage|open|put|tell|tell64|truncate|truncate64|unlink)|loread|lowrite)$/,
    () => certain('large object'),
  ],
  // Runs a text that we have not read, or on a server that we do not know.
  [/^dblink/, (name) => certain(`hidden statement: ${name}`, BINDS)],
  [
    /^((query|cursor|table|schema|database)_to_xml(schema|_and_xmlschema)?|ts_stat|ts_rewrite)$/,
    // ts_rewrite(tsquery, tsquery, tsquery) runs nothing, but only the types of the arguments tell.
    (name) => arguable(`hidden statement: ${name}`, BINDS),
  ],
  // The type is in a string, and its checks may call anything.
  [/^pg_input_(is_valid|error_info)$/, (name) => arguable(`hidden type: ${name}`, BINDS)],
  // Every server counts for itself; even the sizes of files differ, by their maps. Who asks a router for pg_stat_activity means the primary, unless he says otherwise.
  [
    /^(pg_stat_.*|pg_is_in_recovery|pg_is_wal_replay_paused|pg_last_.*|pg_control_.*|pg_get_(aios|backend_memory_contexts|loaded_modules|replication_slots|shmem_allocations.*|wait_events|wal_.*)|pg_lock_status|pg_blocking_pids|pg_safe_snapshot_blocking_pids|pg_show_all_(file_)?settings|pg_show_replication_origin_status|pg_(hba_file_rules|ident_file_mappings)|pg_prepared_xact|pg_notification_queue_usage|pg_config|pg_conf_load_time|pg_postmaster_start_time|pg_available_extension.*|pg_extension_update_paths|pg_tablespace_location|pg_numa_available|pg_(database|indexes|relation|table|tablespace|total_relation)_size|pg_jit_available|inet_server_addr|inet_server_port|aurora_.*|rds_.*)$/,
    (name) => arguable(`${SERVER}: ${name}`),
  ],
];

/** The verdict that no catalogue changes, if there is one. */
export function ruleOf(name: string): Finding | undefined {
  for (const [pattern, finding] of RULES) if (pattern.test(name)) return finding(name);
  return undefined;
}

/** Whether a volatile function of `pg_catalog` may run on a standby. */
export function isHarmless(name: string): boolean {
  return HARMLESS.has(name);
}

export function volatile(name: string): string {
  return `volatile function ${name}`;
}

function reason(why: string, names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, why] as const);
}
