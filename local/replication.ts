import { ReadfleetError } from '../lib/errors';
import { type ControlTarget, withClient } from './control';
import { until } from './until';

/** How long a replica may take to reach its primary, in milliseconds: a restart of it may have much to replay. */
const STREAM_DEADLINE_MS = 60_000;

/** The role that replicas connect as: apps may do with the superuser what they like. */
export const REPLICATION_USER = 'readfleet_replication';

/** A replica's slot on the primary. Slots may have no hyphens, members no underscores: names stay apart. */
export function slotOf(replica: string): string {
  return replica.replaceAll('-', '_');
}

/** Reserves WAL from now on: what comes between the backup and the first connection of the replica is kept. */
export async function createSlots(primary: ControlTarget, replicas: readonly string[]): Promise<void> {
  await withClient(primary, async (client) => {
    await client.query('select pg_create_physical_replication_slot(name, true) from unnest($1::text[]) name', [
      replicas.map(slotOf),
    ]);
  });
}

/** A slot stays active for a moment after its replica has gone. */
export async function dropSlots(primary: ControlTarget, replicas: readonly string[]): Promise<void> {
  await withClient(primary, async (client) => {
    const slots = replicas.map(slotOf);
    await until(async () => {
      const { rows } = await client.query('select from pg_replication_slots where active and slot_name = any($1)', [
        slots,
      ]);
      return rows.length === 0;
    }, 10_000);
    await client.query(
      'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = any($1)',
      [slots],
    );
  });
}

/**
 * Returns when the replica streams and has replayed all that the primary had written when this was called.
 *
 * @param failed the end of the replica's log once it is down, so that nobody waits for it
 * @throws ReadfleetError `READFLEET_LOCAL_NOT_STREAMING`
 */
export async function caughtUp(
  name: string,
  replica: ControlTarget,
  primary: ControlTarget,
  logTail: () => Promise<string>,
): Promise<void> {
  const done = await withClient(primary, async (onPrimary) => {
    const { rows } = await onPrimary.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn');
    const target = rows[0]?.lsn;
    return withClient(replica, (onReplica) =>
      until(async () => {
        const replayed = await onReplica.query<{ yes: boolean | null }>(
          'select pg_last_wal_replay_lsn() >= $1::pg_lsn as yes',
          [target],
        );
        if (replayed.rows[0]?.yes !== true) return false;
        const sender = await onPrimary.query(
          "select from pg_stat_replication where application_name = $1 and state = 'streaming'",
          [name],
        );
        return sender.rows.length > 0;
      }, STREAM_DEADLINE_MS),
    );
  });
  if (done) return;
  throw new ReadfleetError(
    'READFLEET_LOCAL_NOT_STREAMING',
    `${name}: the replica runs, but did not reach its primary within ${STREAM_DEADLINE_MS / 1000} s. ` +
      `Its log ends:\n${(await logTail()).replaceAll(/^/gm, '  ')}`,
  );
}
