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
    await client.query(
      `select pg_create_physical_replication_slot(name, true) from unnest($1::text[]) name
       where not exists (select from pg_replication_slots where slot_name = name)`,
      [replicas.map(slotOf)],
    );
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

/** What the replica's log says when it can never stream from that primary, however long one waits. */
const HOPELESS = [
  {
    code: 'READFLEET_LOCAL_DIVERGED',
    said: /forked off current database system timeline|not in this server's history|is behind recovery timeline/,
    meaning: 'has replayed what its primary never had',
  },
  {
    code: 'READFLEET_LOCAL_NOT_STREAMING',
    said: /requested WAL segment \S+ has already been removed/,
    meaning: 'needs WAL that its primary does not have any more',
  },
];

export interface Standby {
  readonly target: ControlTarget;
  /** The end of its log, as far as it was written since it was given this primary. */
  readonly logTail: () => Promise<string>;
}

/**
 * Returns when the replica streams and has replayed all that the primary had written when this was called.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_NOT_STREAMING` or `READFLEET_LOCAL_DIVERGED`
 */
export async function caughtUp(replica: Standby, primary: ControlTarget): Promise<void> {
  await reached(replica, primary, (position) => position.lsn);
}

/** Returns when the replica streams, wherever it may be. @throws ReadfleetError as {@link caughtUp} */
export async function streams(replica: Standby, primary: ControlTarget): Promise<void> {
  await reached(replica, primary, () => undefined);
}

/** How far a primary has written, and on which timeline. */
interface Position {
  readonly lsn: string;
  readonly timeline: number;
}

/** A WAL file's name begins with its timeline: `pg_control` learns of a promotion only at the next checkpoint. */
const POSITION = `
  select lsn, ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int as timeline
  from (select pg_current_wal_flush_lsn() as lsn) as position`;

/**
 * A replica that has diverged streams too, for a moment, up to the fork: it counts only on the primary's timeline. And both ends are asked,
 * since the primary lists a replica that was killed for a moment longer.
 */
const REACHED = `
  select ($1::pg_lsn is null or pg_last_wal_replay_lsn() >= $1::pg_lsn)
    and exists (select from pg_stat_wal_receiver where status = 'streaming' and received_tli = $2) as yes`;

async function reached(
  { target, logTail }: Standby,
  primary: ControlTarget,
  goal: (position: Position) => string | undefined,
): Promise<void> {
  const done = await withClient(primary, async (onPrimary) => {
    const { rows } = await onPrimary.query<Position>(POSITION);
    const position = rows[0];
    return withClient(target, (onReplica) =>
      until(async () => {
        const replica = await onReplica.query<{ yes: boolean | null }>(REACHED, [
          position && goal(position),
          position?.timeline,
        ]);
        const sender = await onPrimary.query(
          "select from pg_stat_replication where application_name = $1 and state = 'streaming'",
          [target.name],
        );
        if (replica.rows[0]?.yes === true && sender.rows.length > 0) return true;
        refuseHopeless(target.name, await logTail());
        return false;
      }, STREAM_DEADLINE_MS),
    );
  });
  if (done) return;
  throw new ReadfleetError(
    'READFLEET_LOCAL_NOT_STREAMING',
    `${target.name}: the replica runs, but did not reach its primary within ${STREAM_DEADLINE_MS / 1000} s. ` +
      `Its log ends:\n${(await logTail()).replaceAll(/^/gm, '  ')}`,
  );
}

function refuseHopeless(name: string, log: string): void {
  const why = HOPELESS.find(({ said }) => said.test(log));
  if (!why) return;
  throw new ReadfleetError(
    why.code,
    `${name}: the replica ${why.meaning}, and cannot follow it. Call fleet.rejoin("${name}") for a new copy of the primary. ` +
      `Its log ends:\n${log.replaceAll(/^/gm, '  ')}`,
  );
}
