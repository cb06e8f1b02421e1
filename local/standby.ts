import { ReadfleetError } from '../lib/errors';
import { type ControlTarget, withClient } from './control';
import { signalAll } from './processes';
import { until } from './until';

const REPLAY_DEADLINE_MS = 10_000;
/** What `recovery_min_apply_delay` can be at most. */
const LONGEST_DELAY_MS = 2_147_483_647;
const RECEIVER_DEADLINE_MS = 10_000;
const PROMOTION_SECONDS = 60;

/** Returns when replay stands. */
export async function pauseReplay(standby: ControlTarget): Promise<void> {
  await withClient(standby, async (client) => {
    await client.query('select pg_wal_replay_pause()');
    const paused = await until(async () => {
      const { rows } = await client.query<{ state: string }>('select pg_get_wal_replay_pause_state() as state');
      return rows[0]?.state === 'paused';
    }, REPLAY_DEADLINE_MS);
    if (paused) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_REPLAY',
      `${standby.name}: replay did not stop within ${REPLAY_DEADLINE_MS / 1000} s of being asked to.`,
    );
  });
}

export async function resumeReplay(standby: ControlTarget): Promise<void> {
  await withClient(standby, (client) => client.query('select pg_wal_replay_resume()'));
}

export async function isPaused(standby: ControlTarget): Promise<boolean> {
  return withClient(standby, async (client) => {
    const { rows } = await client.query<{ paused: boolean }>('select pg_is_wal_replay_paused() as paused');
    return rows[0]?.paused === true;
  });
}

/** @throws ReadfleetError `READFLEET_LOCAL_OPTIONS` */
export function checkDelay(name: string, ms: number): void {
  if (Number.isInteger(ms) && ms >= 0 && ms <= LONGEST_DELAY_MS) return;
  throw new ReadfleetError(
    'READFLEET_LOCAL_OPTIONS',
    `${name}: delayReplay(${ms}): must be whole milliseconds, 0 to ${LONGEST_DELAY_MS}.`,
  );
}

/** Returns when the server has taken over its delay. */
export async function delays(standby: ControlTarget, ms: number): Promise<void> {
  await withClient(standby, async (client) => {
    const taken = await until(async () => {
      const { rows } = await client.query<{ ms: string }>(
        "select setting as ms from pg_settings where name = 'recovery_min_apply_delay'",
      );
      return Number(rows[0]?.ms) === ms;
    }, REPLAY_DEADLINE_MS);
    if (taken) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_REPLAY',
      `${standby.name}: the delay of replay was not taken over within ${REPLAY_DEADLINE_MS / 1000} s.`,
    );
  });
}

/** Has the server read its configuration again; it does so within moments of this. */
export async function reload(member: ControlTarget): Promise<void> {
  await withClient(member, (client) => client.query('select pg_reload_conf()'));
}

/** Waits for the end of the WAL receiver of a standby whose configuration names no primary any more. */
export async function receiverGone(standby: ControlTarget): Promise<void> {
  await withClient(standby, async (client) => {
    const gone = await until(async () => {
      const { rows } = await client.query<{ pid: number; paused: boolean }>(
        'select pid, pg_is_wal_replay_paused() as paused from pg_stat_wal_receiver',
      );
      // Who ends it is the process that replays, and that one does nothing while it is paused. Nor does it start a new one.
      signalAll(
        rows.filter(({ paused }) => paused).map(({ pid }) => pid),
        'SIGTERM',
      );
      return rows.length === 0;
    }, RECEIVER_DEADLINE_MS);
    if (gone) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_RECEIVER',
      `${standby.name}: the WAL receiver did not end within ${RECEIVER_DEADLINE_MS / 1000} s of being asked to.`,
    );
  });
}

/** Returns when the standby is a primary. */
export async function promote(standby: ControlTarget, logTail: () => Promise<string>): Promise<void> {
  const { rows } = await withClient(standby, (client) =>
    client.query<{ done: boolean }>(`select pg_promote(true, ${PROMOTION_SECONDS}) as done`),
  );
  if (rows[0]?.done) return;
  throw new ReadfleetError(
    'READFLEET_LOCAL_PROMOTION',
    `${standby.name}: the promotion did not end within ${PROMOTION_SECONDS} s. Its log ends:\n${await logTail()}`,
  );
}
