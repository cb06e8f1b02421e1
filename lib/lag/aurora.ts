import type { Sighting } from './sighting';
import type { LagSource } from './source';

/** The columns of {@link SQL}. All but `recovering` are null when the cluster does not list the member. */
interface Row {
  readonly recovering: boolean;
  /** Whether the cluster takes the member for its writer. */
  readonly writes: boolean | null;
  readonly lsn: string | null;
  /** Milliseconds behind the writer. */
  readonly lagMs: number | null;
  /** Milliseconds since this was so; by the server's clock. */
  readonly newsAgeMs: number | null;
}

/**
 * A reader that has heard nothing of its cluster for so long is cut off. Members tell each other their status every second or two, in
 * timestamps of whole seconds.
 */
const FRESH_MS = 10_000;

/** The members of a cluster share one volume, and so one history: nobody can be promoted away from it. The number says only that. */
const TIMELINE = 1;

/**
 * What a member knows of itself: its own row of the cluster's status
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora_replica_status.html).
 *
 * From Aurora 13.9 the own row has no `last_update_timestamp`, since nobody had to send it. A writer's is then of this moment. A reader's is
 * taken for as old as the writer's row: one that is cut off may not notice that the writer has gone on. After a failover the former
 * writer may be listed still, with a time that stands; hence the latest.
 */
const SQL = `
with status as (
  select server_id, session_id = 'MASTER_SESSION_ID' as writes, durable_lsn, current_read_lsn, replica_lag_in_msec,
         last_update_timestamp as told_at
    from aurora_replica_status()
)
select pg_is_in_recovery() as recovering,
       own.writes,
       (case when own.writes then own.durable_lsn else own.current_read_lsn end)::text as lsn,
       own.replica_lag_in_msec::float8 as "lagMs",
       (1000 * extract(epoch from now() - coalesce(
         own.told_at, case when own.writes then now() else (select max(told_at) from status where writes) end
       )))::float8 as "newsAgeMs"
  from (select aurora_db_instance_identifier() as id) as self
  left join status as own on own.server_id = self.id`;

/**
 * Amazon Aurora: storage is shared, no log is streamed, and the cluster itself tells how far a reader's cache is behind.
 *
 * What it tells counts as a whole: where role, lag or the age of both is unknown, position and age are unknown too.
 */
export const aurora: LagSource = {
  name: 'aurora',
  sql: SQL,
  toSighting(row, at) {
    const { recovering, writes, lsn, lagMs, newsAgeMs } = row as unknown as Row;
    // Servers' clocks differ: news from the future is of now.
    const newsAge = newsAgeMs === null ? undefined : Math.max(0, newsAgeMs);
    const lag = writes ? 0 : lagMs;
    // Amid a failover the server and the cluster may not agree on who writes. A lag below zero is no lag.
    const isKnown = newsAge !== undefined && lag !== null && lag >= 0 && recovering !== writes;
    return {
      at,
      recovering,
      lsn: isKnown && lsn !== null ? BigInt(lsn) : undefined,
      ...hearing(writes, newsAge),
      timeline: TIMELINE,
      ...(isKnown && { ageMs: lag + newsAge }),
    };
  },
};

/** Whether a member hears from its cluster. */
function hearing(writes: boolean | null, newsAge: number | undefined): Pick<Sighting, 'receiving' | 'silence'> {
  if (writes === null) return { receiving: false, silence: 'its cluster does not list it' };
  if (newsAge !== undefined && newsAge <= FRESH_MS) return { receiving: true };
  const since = newsAge === undefined ? '' : ` for ${Math.round(newsAge / 1_000)} s`;
  return { receiving: false, silence: `hears nothing of the writer${since}` };
}
