import type {
  Archiver,
  Basics,
  Collation,
  Conflicts,
  Connections,
  Extension,
  Replay,
  Rights,
  RoleRow,
  Sender,
  ServerFacts,
  Setting,
  Slot,
  Transactions,
} from './facts';

/** A question to a server: its answer's rows, and what they mean. Nothing is written, and nothing is locked. */
export interface Question<T> {
  readonly text: string;
  values?(about: { readonly user: string; readonly roles: readonly string[] }): unknown[];
  read(rows: readonly Readonly<Record<string, unknown>>[]): T;
}

/** Answered with one row, whose columns are the facts. */
function row<T>(text: string, values?: Question<T>['values']): Question<T> {
  return { text, ...(values && { values }), read: (rows) => rows[0] as unknown as T };
}

function rows<T>(text: string, values?: Question<readonly T[]>['values']): Question<readonly T[]> {
  return { text, ...(values && { values }), read: (all) => all as unknown as readonly T[] };
}

export const BASICS: Question<Basics> = row(`
select pg_is_in_recovery() as recovering,
       current_setting('server_version_num')::int as "versionNum",
       current_setting('server_version') as version,
       pg_postmaster_start_time()::text as "startedAt",
       (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls,
       pg_has_role(current_user, 'pg_read_all_stats', 'usage') as "seesOthers"`);

/** Every other question; each may fail for itself. */
export const QUESTIONS: {
  readonly [Fact in Exclude<keyof ServerFacts, 'connectMs' | 'basics'>]: ServerFacts[Fact] extends
    | { readonly value: infer T }
    | { readonly missing: string }
    ? Question<T>
    : never;
} = {
  systemIdentifier: {
    text: 'select system_identifier::text as id from pg_control_system()',
    read: ([first]) => first?.id as string,
  },
  // A new timeline is in pg_control_checkpoint() only after the next checkpoint.
  timeline: {
    text: `
select case when pg_is_in_recovery() then (select received_tli from pg_stat_wal_receiver)
            else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline`,
    read: ([first]) => (first?.timeline as number | null) ?? null,
  },
  replay: row<Replay>(`
select case when pg_is_in_recovery() then pg_is_wal_replay_paused() end as paused,
       (select status from pg_stat_wal_receiver) as receiver,
       exists (select from pg_stat_wal_receiver) as "hasReceiver",
       (select slot_name from pg_stat_wal_receiver) as slot`),
  senders: rows<Sender>(`
select pid, application_name as application, state, sync_state as sync, age(backend_xmin) as "xminAge"
  from pg_stat_replication`),
  slots: rows<Slot>(`
select slot_name as name, slot_type as kind, active, active_pid as "activePid", wal_status as "walStatus",
       pg_wal_lsn_diff(
         case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn
       )::float8 as "retainedBytes",
       greatest(age(xmin), age(catalog_xmin)) as "xminAge"
  from pg_replication_slots where not temporary order by slot_name`),
  archiver: row<Archiver>(`
select failed_count::float8 as failed, last_failed_wal as "lastFailed",
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing
  from pg_stat_archiver`),
  settings: {
    // What a session begins with: not what this one has set for itself.
    text: 'select name, reset_val as value, unit, pending_restart as "pendingRestart" from pg_settings',
    read: (all) =>
      Object.fromEntries(all.map(({ name, ...setting }) => [name as string, setting as unknown as Setting])),
  },
  collation: row<Collation>(`
select datcollversion as recorded, pg_database_collation_actual_version(oid) as actual,
       array(select collname::text from pg_collation
              where collversion is not null and collversion <> pg_collation_actual_version(oid)
                and oid in (select attcollation from pg_attribute where attnum > 0)) as others
  from pg_database where datname = current_database()`),
  extensions: rows<Extension>(`
select extname::text as name, extversion as version,
       exists (select from pg_available_extension_versions as there
                where there.name = extname and there.version = extversion) as available
  from pg_extension order by extname`),
  connections: row<Connections>(`
select (select sum(numbackends) from pg_stat_database)::int as used,
       (select datconnlimit from pg_database where datname = current_database()) as "databaseLimit"`),
  transactions: row<Transactions>(`
select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 as "longestSeconds",
       coalesce(max(extract(epoch from clock_timestamp() - state_change)) filter (where state like 'idle in%'), 0)::float8
         as "idleSeconds",
       max(age(backend_xmin)) as "xminAge"
  from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`),
  conflicts: row<Conflicts>(`
select coalesce(sum(confl_tablespace + confl_lock + confl_snapshot + confl_bufferpin + confl_deadlock), 0)::float8 as cancelled,
       (select to_char(stats_reset at time zone 'UTC', 'YYYY-MM-DD') from pg_stat_database
         where datname = current_database()) as since
  from pg_stat_database_conflicts`),
  roles: rows<RoleRow>(
    `
select rolname::text as name, rolcanlogin as "canLogin", rolsuper as "isSuperuser", rolconnlimit as "connectionLimit"
  from pg_roles where rolname = any($1)`,
    ({ roles }) => [roles],
  ),
  rights: row<Rights>(
    `
select count(*)::int as tables,
       count(*) filter (where not has_table_privilege($1, pg_class.oid, 'select'))::int as unreadable,
       count(*) filter (where not has_table_privilege($1, pg_class.oid, 'insert'))::int as unwritable
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
 where relkind in ('r', 'p', 'm') and nspname !~ '^(pg_|information_schema$)'`,
    ({ user }) => [user],
  ),
};
