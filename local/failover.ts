import { rm } from 'node:fs/promises';
import { ReadfleetError } from '../lib/errors';
import { backUp } from './backup';
import { withClient } from './control';
import type { Launcher } from './launcher';
import type { Member } from './member';
import { createSlots, dropSlots } from './replication';
import { isPaused } from './standby';
import { until } from './until';
import type { ServerUser } from './user';

/** How long the successor may take to have what the other replicas have, from a primary that still runs. */
const AHEAD_DEADLINE_MS = 5_000;

/**
 * Has a running standby follow another primary from now on: a slot there, `primary_conninfo`, and a reload. PostgreSQL then ends its
 * WAL receiver itself, and goes over to the new timeline where that forked off (`recovery_target_timeline` is `latest`).
 */
export async function follow(replica: Member, primary: Member, launcher: Launcher): Promise<void> {
  if (primary.role !== 'primary') {
    throw new ReadfleetError(
      'READFLEET_LOCAL_NOT_A_PRIMARY',
      `${replica.name}: follow("${primary.name}"): that one is a replica. Promote it first, or follow whom it follows.`,
    );
  }
  primary.mustRun('follow');
  const previous = replica.upstream;
  const paused = await isPaused(replica.target);
  await createSlots(primary.target, [replica.name]);
  try {
    await point(replica, primary, launcher);
    if (paused) return;
    await launcher.catchUp(replica);
  } catch (error) {
    if (previous !== primary) {
      await Promise.allSettled([
        point(replica, previous, launcher).then(() => dropSlots(primary.target, [replica.name])),
      ]);
    }
    throw error;
  }
  if (previous !== primary && previous?.state === 'running') await dropSlots(previous.target, [replica.name]);
}

/**
 * Promotes `successor`, and has the other replicas follow it.
 *
 * They stop receiving first, while it catches up with them: from a primary that still takes writes, one of them would otherwise
 * get what the new primary never had.
 *
 * @param onPromoted is told as soon as there is a new primary, whatever becomes of the others
 * @returns replicas that cannot follow, because they have replayed what the new primary never had
 */
export async function failOver(
  successor: Member,
  former: Member,
  others: readonly Member[],
  onPromoted: () => void,
): Promise<Member[]> {
  successor.mustRun('failOver');
  const followers = others.filter((other) => other.role === 'replica');
  const running = await runningAndReplaying(followers);
  await Promise.allSettled(running.map((replica) => replica.stopReceiving()));
  try {
    if (successor.role === 'replica') {
      if (former.state === 'running') await getAheadOf(running, successor);
      // On the standby already, so that WAL from before its promotion is kept for those that are behind, or down.
      await createSlots(
        successor.target,
        followers.map((follower) => follower.name),
      );
      await successor.promote();
    }
  } catch (error) {
    await Promise.allSettled(running.map((replica) => replica.resumeReceiving()));
    throw error;
  }
  onPromoted();
  const diverged: Member[] = [];
  const outcomes = await Promise.allSettled(
    followers.map(async (replica) => {
      if (replica.state !== 'running') {
        // It is told by its next start.
        replica.upstream = successor;
        return;
      }
      try {
        await replica.follow(successor);
      } catch (error) {
        if (!ReadfleetError.is(error) || error.code !== 'READFLEET_LOCAL_DIVERGED') throw error;
        diverged.push(replica);
      }
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return diverged;
}

/** Makes a member, whatever it was, a standby of `primary`, from a new backup. Its port stays. */
export function rebuild(member: Member, primary: Member, launcher: Launcher, user: ServerUser): Promise<void> {
  return member.inTurn(async () => {
    await member.server.stop();
    // Anew: a slot of before may have lost its WAL.
    await dropSlots(primary.target, [member.name]);
    await createSlots(primary.target, [member.name]);
    try {
      await rm(member.dataDir, { recursive: true, force: true });
      await backUp({ dataDir: primary.dataDir, target: primary.target }, [member.dataDir], user);
      member.role = 'replica';
      member.upstream = primary;
      member.receives = true;
      await launcher.start(member);
      await launcher.catchUp(member);
    } catch (error) {
      await Promise.allSettled([member.server.stop().then(() => dropSlots(primary.target, [member.name]))]);
      throw error;
    }
  });
}

async function point(replica: Member, primary: Member | undefined, launcher: Launcher): Promise<void> {
  replica.upstream = primary;
  replica.receives = true;
  await launcher.reconfigure(replica);
}

async function runningAndReplaying(replicas: readonly Member[]): Promise<Member[]> {
  const running = replicas.filter((replica) => replica.state === 'running');
  const paused = await Promise.all(running.map((replica) => isPaused(replica.target)));
  return running.filter((_, index) => !paused[index]);
}

/** As far as that can be had: a successor whose replay is paused replays what it has received when it is promoted, and no more. */
async function getAheadOf(replicas: readonly Member[], successor: Member): Promise<void> {
  if (await isPaused(successor.target)) return;
  const positions = await Promise.all(
    replicas.map((replica) =>
      withClient(replica.target, async (client) => {
        const { rows } = await client.query<{ lsn: string | null }>(
          'select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) as lsn',
        );
        return rows[0]?.lsn;
      }),
    ),
  );
  await withClient(successor.target, (client) =>
    until(async () => {
      const { rows } = await client.query<{ yes: boolean | null }>(
        'select coalesce(bool_and(pg_last_wal_replay_lsn() >= lsn), true) as yes from unnest($1::pg_lsn[]) lsn',
        [positions],
      );
      return rows[0]?.yes === true;
    }, AHEAD_DEADLINE_MS),
  );
}
