import { HOST } from './ports';

/** Settings of PostgreSQL by name, as in postgresql.conf. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** What the fleet itself stands on: refused in {@link Parameters}. */
export const RESERVED_PARAMETERS: ReadonlySet<string> = new Set([
  'cluster_name',
  'config_file',
  'data_directory',
  'dynamic_shared_memory_type',
  'external_pid_file',
  'hba_file',
  'hot_standby',
  'ident_file',
  'include',
  'include_dir',
  'include_if_exists',
  'listen_addresses',
  'log_destination',
  'logging_collector',
  'port',
  'primary_conninfo',
  'primary_slot_name',
  'unix_socket_directories',
]);

/** May be set in {@link Parameters}. */
function defaults(major: number): Parameters {
  return {
    // A laptop's fleet may be lost with the machine; a killed server loses nothing, the kernel has its writes.
    fsync: false,
    shared_buffers: '32MB',
    huge_pages: 'off',
    max_connections: 200,
    wal_level: 'replica',
    max_wal_senders: 40,
    max_replication_slots: 40,
    min_wal_size: '8MB',
    max_wal_size: '256MB',
    // A replica is back at once after its primary was restarted, and tells often how far it is.
    wal_retrieve_retry_interval: '100ms',
    wal_receiver_status_interval: '1s',
    // No subscriptions: one process less for each member.
    max_logical_replication_workers: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    lc_messages: 'C',
    // The workers of the new default cost three processes for each member.
    ...(major >= 18 ? { io_method: 'sync' } : {}),
    // Iterations protect weak passwords; ours are random, and pools connect all the time.
    ...(major >= 16 ? { scram_iterations: 1 } : {}),
  };
}

/** Whom a replica follows, and through which slot. */
export interface Upstream {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly slot: string;
}

/** The text of a member's postgresql.conf. Later lines win, and ours about identity come last. */
export function postgresqlConf(
  member: {
    readonly name: string;
    readonly port: number;
    readonly upstream?: Upstream | undefined;
    /** Milliseconds by which a replica replays commits later than they were made. */
    readonly replayDelayMs?: number;
  },
  major: number,
  parameters: Parameters,
): string {
  const { upstream, replayDelayMs = 0 } = member;
  const settings: Parameters = {
    ...defaults(major),
    ...parameters,
    cluster_name: member.name,
    listen_addresses: HOST,
    port: member.port,
    unix_socket_directories: '',
    hot_standby: true,
    // In the data directory, so that it goes with it: a killed server would leave it in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    logging_collector: false,
    log_destination: 'stderr',
    ...(upstream
      ? {
          primary_conninfo:
            `host=${HOST} port=${upstream.port} user=${upstream.user} password=${upstream.password} ` +
            `application_name=${member.name} connect_timeout=10`,
          primary_slot_name: upstream.slot,
        }
      : {}),
    ...(replayDelayMs > 0 ? { recovery_min_apply_delay: `${replayDelayMs}ms` } : {}),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quoted(value)}`);
  return `# Written by readfleet at every start; use \`parameters\` or ALTER SYSTEM.\n${lines.join('\n')}\n`;
}

/** Only passwords, only over the loopback interface. */
export const PG_HBA_CONF = `# Written by readfleet.
host all         all ${HOST}/32 scram-sha-256
host replication all ${HOST}/32 scram-sha-256
`;

function quoted(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
