import { Kysely, PostgresDialect, type Selectable, sql } from 'kysely';
import { KyselyReplicationDialect } from 'kysely-replication';
import { RoundRobinReplicaStrategy } from 'kysely-replication/strategy/round-robin';
import { Pool } from 'pg';
import { type Address, type Candidate, poolConfig, type Router, type Target } from './peer';

interface Note {
  id: number;
  body: string;
}

interface Tables {
  note: Note;
  slow_note: Note;
  visit: { what: string };
}

const standby = sql<boolean>`pg_is_in_recovery()`.as('standby');

export const candidate: Candidate = {
  label: 'kysely-replication',
  how: "a `selectFrom('note')` compiled once, its tree given to `db.executeQuery` with each id: raw `sql` asks the primary only",
  async open(target: Target): Promise<Router> {
    const dialect = (address: Address) => {
      const pool = new Pool(poolConfig(target, address));
      // As for Drizzle: without it the loss of an idle connection ends the process.
      pool.on('error', () => undefined);
      return new PostgresDialect({ pool });
    };
    const db = new Kysely<Tables>({
      dialect: new KyselyReplicationDialect({
        primaryDialect: dialect(target.primary),
        replicaDialects: target.replicas.map(dialect) as [PostgresDialect, ...PostgresDialect[]],
        replicaStrategy: new RoundRobinReplicaStrategy({}),
      }),
    });
    const byId = (table: 'note' | 'slow_note') =>
      db.selectFrom(table).select(['id', 'body']).where('id', '=', 0).compile();
    const fast = byId('note');
    const slow = byId('slow_note');

    const ranOnStandby = async (row: Promise<{ standby: boolean }>) => (await row).standby;
    return {
      read: (id) => db.executeQuery<Selectable<Note>>({ ...fast, parameters: [id] }),
      slowRead: (id) => db.executeQuery<Selectable<Note>>({ ...slow, parameters: [id] }),
      body: (result) => (result as { rows: Note[] }).rows[0]?.body,
      statements: {
        'plain read': () =>
          ranOnStandby(db.selectFrom('note').select(standby).where('id', '=', 1).executeTakeFirstOrThrow()),
        'write CTE': () =>
          ranOnStandby(
            db
              .with('w', (cte) => cte.insertInto('visit').values({ what: 'cte' }).returning('what'))
              .selectFrom('w')
              .select(standby)
              .executeTakeFirstOrThrow(),
          ),
        'FOR UPDATE': () =>
          ranOnStandby(db.selectFrom('note').select(standby).where('id', '=', 1).forUpdate().executeTakeFirstOrThrow()),
        nextval: () =>
          ranOnStandby(db.selectNoFrom([sql`nextval('ticket')`.as('id'), standby]).executeTakeFirstOrThrow()),
        'advisory lock': () =>
          ranOnStandby(db.selectNoFrom([sql`pg_advisory_lock(1)`.as('lock'), standby]).executeTakeFirstOrThrow()),
        'writing function': () =>
          ranOnStandby(db.selectNoFrom([sql`record_visit()`.as('id'), standby]).executeTakeFirstOrThrow()),
      },
      close: () => db.destroy(),
    };
  },
};
