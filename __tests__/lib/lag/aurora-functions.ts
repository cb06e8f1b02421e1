import type { LocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

/** One row of the cluster's status. Columns that are left out are null, as they are on Aurora where a member does not know them. */
export interface StatusRow {
  readonly server: string;
  /** `MASTER_SESSION_ID` on the writer. */
  readonly session?: string;
  readonly durableLsn?: bigint;
  readonly currentReadLsn?: bigint;
  readonly lagMs?: number;
  /** Age of `last_update_timestamp`, in milliseconds; below zero where the servers' clocks differ. */
  readonly toldMsAgo?: number;
}

/**
 * Gives a local fleet the functions of Aurora by which a cluster tells its state, with the columns that AWS documents. They return what the
 * test writes; the writer's name is `primary`, a reader's its own.
 */
export async function installAuroraFunctions({ primary }: LocalFleet): Promise<void> {
  await primary.query(`
    create table told (
      server_id text, session_id text, durable_lsn bigint, current_read_lsn bigint, replica_lag_in_msec float8,
      told_ago interval, version int
    );
    create function aurora_db_instance_identifier() returns text language sql stable as $$
      select current_setting('cluster_name')
    $$;
    create function aurora_replica_status() returns table (
      server_id text, session_id text, durable_lsn bigint, highest_lsn_rcvd bigint, current_read_lsn bigint,
      cur_replay_latency_in_usec bigint, active_txns bigint, is_current boolean, last_transport_error int,
      last_error_timestamp timestamptz, last_update_timestamp timestamptz, feedback_xmin bigint, feedback_epoch bigint,
      replica_lag_in_msec float8, log_stream_speed_in_kib_per_second float8, log_buffer_sequence_number bigint,
      oldest_read_view_trx_id bigint, oldest_read_view_lsn bigint, pending_read_ios bigint, read_ios bigint, iops bigint,
      cpu float8
    ) language sql stable as $$
      select server_id, session_id, durable_lsn, null::bigint, current_read_lsn, null::bigint, null::bigint, null::boolean,
             null::int, null::timestamptz, now() - told_ago, null::bigint, null::bigint, replica_lag_in_msec,
             null::float8, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::float8
        from told
    $$`);
}

let version = 0;

/** What the cluster tells from now on, on every member. */
export async function tell(fleet: LocalFleet, rows: readonly StatusRow[]): Promise<void> {
  version += 1;
  const values = rows.map(({ server, session = '6f1c-uuid', durableLsn, currentReadLsn, lagMs, toldMsAgo }) => ({
    server_id: server,
    session_id: session,
    durable_lsn: durableLsn?.toString(),
    current_read_lsn: currentReadLsn?.toString(),
    replica_lag_in_msec: lagMs,
    told_ago: toldMsAgo === undefined ? undefined : `${toldMsAgo} ms`,
    version,
  }));
  await fleet.primary.query(
    `with gone as (delete from told)
     insert into told select * from json_populate_recordset(null::told, $1)`,
    [JSON.stringify([...values, { server_id: 'nobody', version }])],
  );
  const seen = `select from told where version = ${version}`;
  await eventually(async () => {
    const counts = await Promise.all(fleet.members.map(async (member) => (await member.query(seen)).length));
    return counts.every((count) => count === rows.length + 1);
  });
}
