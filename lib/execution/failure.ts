/**
 * What an error says of the member and of the statement.
 *
 * - `lost`: the member, or the way to it: another may well answer, and this one is to be looked at
 * - `busy`: no connection was to be had, none being free or the password refused, which a replica may know later: another member may well answer
 * - `conflict`: a standby cancelled the read to go on replaying: another member, or the same one later, may well answer
 * - `behind`: a standby does not know a name that the primary may: what was just created is not replayed yet
 * - `refused`: a standby will not run this statement, ever; the primary may
 * - `statement`: the statement's own fault, or nothing we know: the caller sees it
 */
export type Failure = 'lost' | 'busy' | 'conflict' | 'behind' | 'refused' | 'statement';

const LOST_SQLSTATES = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up, shutting down
  '57P05', // idle_session_timeout
]);

/** Recovery conflicts come as serialization failures and, from PostgreSQL 17, also as deadlocks. */
const CONFLICT_SQLSTATES = new Set(['40001', '40P01']);

/**
 * How a standby refuses: read_only_sql_transaction; BEGIN READ WRITE and SERIALIZABLE; control functions such as pg_current_wal_lsn();
 * lo_create and pg_logical_emit_message, which fail deep inside.
 */
const REFUSED_SQLSTATES = new Set(['25006', '0A000', '55000', 'XX000']);

/** undefined_table, undefined_column, undefined_function, undefined_object, invalid_schema_name */
const UNKNOWN_NAME_SQLSTATES = new Set(['42P01', '42703', '42883', '42704', '3F000']);

const LOST_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** `pg` gives these no code. */
const LOST_MESSAGES = [
  'Connection terminated',
  'timeout expired',
  'Client has encountered a connection error',
  'Client was closed',
  'Client network socket disconnected',
  // Of a member that left the fleet after it was chosen.
  'Cannot use a pool after calling end',
];

/** Whether a server let a client not in for its user or password. A statement may raise the same codes; only a session that never began ends with them. */
export function isLoginRefused(error: unknown): boolean {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return severity === 'FATAL' && (code === '28P01' || code === '28000');
}

/** @param onReplica whether the statement ran on a replica: on a primary nothing is refused for being a standby */
export function classifyFailure(error: unknown, onReplica: boolean): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    if (LOST_SYSTEM_CODES.has(code) || LOST_SQLSTATES.has(code) || /^08...$/.test(code)) return 'lost';
    if (code === '53300' || isLoginRefused(error)) return 'busy'; // too_many_connections
    if (onReplica && CONFLICT_SQLSTATES.has(code)) return 'conflict';
    if (onReplica && UNKNOWN_NAME_SQLSTATES.has(code)) return 'behind';
    if (onReplica && REFUSED_SQLSTATES.has(code)) return 'refused';
    return 'statement';
  }
  if (message === 'timeout exceeded when trying to connect') return 'busy'; // the pool's own words, when all its connections are in use
  return typeof message === 'string' && LOST_MESSAGES.some((known) => message.startsWith(known)) ? 'lost' : 'statement';
}
