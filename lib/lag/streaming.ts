import { parseLsn } from './lsn';
import type { LagSource } from './source';

/** The columns of {@link SQL}. */
interface Row {
  readonly recovering: boolean;
  readonly lsn: string | null;
  readonly receiving: boolean;
  readonly timeline: number | null;
}

/**
 * `CASE` keeps `pg_current_wal_lsn()` from being called on a standby, which refuses it (55000). The timeline of a primary is read off its
 * WAL file's name: `pg_control_checkpoint()` knows a new timeline only after the next checkpoint.
 */
const SQL = `
select recovering,
       (case when recovering then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text as lsn,
       exists (select from pg_stat_wal_receiver) as receiving,
       case when recovering then (select received_tli from pg_stat_wal_receiver)
            else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline
  from (select pg_is_in_recovery() as recovering) as role`;

/**
 * PostgreSQL's streaming replication: a member tells where it stands in the primary's log. How old that is, is known from when the primary
 * stood there, by this process's own clock.
 */
export const streaming: LagSource = {
  name: 'streaming',
  sql: SQL,
  toSighting(row, at) {
    const { recovering, lsn, receiving, timeline } = row as unknown as Row;
    return {
      at,
      recovering,
      lsn: lsn === null ? undefined : parseLsn(lsn),
      receiving,
      timeline: timeline ?? undefined,
    };
  },
};
