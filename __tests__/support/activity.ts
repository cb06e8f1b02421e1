import type { LocalMember } from '../../local';
import { eventually } from './eventually';

/** How many sessions of a server run a statement that has `mark` in it, by the server's own word. */
export async function running(member: LocalMember, mark: string): Promise<number> {
  const [row] = await member.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where state = 'active' and pid <> pg_backend_pid() and position($1 in query) > 0`,
    [mark],
  );
  return row?.n ?? 0;
}

/** Resolves when the server runs such a statement. */
export async function begun(member: LocalMember, mark: string): Promise<void> {
  await eventually(async () => (await running(member, mark)) > 0);
}

/** Resolves when the server runs no such statement. */
export async function ended(member: LocalMember, mark: string): Promise<void> {
  await eventually(async () => (await running(member, mark)) === 0);
}

/** Resolves when every replica shows what the primary has written so far. */
export async function replicated(primary: LocalMember, replicas: readonly LocalMember[]): Promise<void> {
  const [written] = await primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  for (const replica of replicas) {
    await eventually(async () => {
      const [row] = await replica.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
        written?.lsn,
      ]);
      return row?.there === true;
    });
  }
}
