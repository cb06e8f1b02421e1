import { type Lsn, parseLsn } from './lsn';

/** What a member said of itself, when asked once. */
export interface Sighting {
  /** Monotonic milliseconds at which the question was sent. */
  readonly at: number;
  /** True on a standby. A "replica" that says false has been promoted. */
  readonly recovering: boolean;
  /** Replay position of a standby, write position of a primary; undefined on a standby that has replayed nothing yet. */
  readonly lsn: Lsn | undefined;
  /** Whether a standby has a WAL receiver: without one its position stands still, whatever the primary does. */
  readonly receiving: boolean;
  /** Undefined on a standby whose receiver's details the user may not read (they need pg_monitor). */
  readonly timeline: number | undefined;
}

/**
 * One question for every member, since a member's role is part of the answer.
 *
 * `CASE` keeps `pg_current_wal_lsn()` from being called on a standby, which refuses it (55000). The timeline of a primary is read off its
 * WAL file's name: `pg_control_checkpoint()` knows a new timeline only after the next checkpoint.
 */
export const SIGHTING_SQL = `
select recovering,
       (case when recovering then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text as lsn,
       exists (select from pg_stat_wal_receiver) as receiving,
       case when recovering then (select received_tli from pg_stat_wal_receiver)
            else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline
  from (select pg_is_in_recovery() as recovering) as role`;

/** The columns of {@link SIGHTING_SQL}. */
export interface SightingRow {
  readonly recovering: boolean;
  readonly lsn: string | null;
  readonly receiving: boolean;
  readonly timeline: number | null;
}

export function toSighting(row: SightingRow, at: number): Sighting {
  return {
    at,
    recovering: row.recovering,
    lsn: row.lsn === null ? undefined : parseLsn(row.lsn),
    receiving: row.receiving,
    timeline: row.timeline ?? undefined,
  };
}
