import { Kysely, PostgresDialect, type Selectable, sql } from 'kysely';
import { KyselyReplicationDialect } from 'kysely-replication';
import { RoundRobinReplicaStrategy } from 'kysely-replication/strategy/round-robin';
import { Pool, type PoolClient } from 'pg';
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

/**
 * A client that loses its connection emits an error, also while it is checked out, and then nobody in Kysely listens: the process ends.
 * An app that knows adds a listener to each.
 */
export const candidate: Candidate = {
  ...of((client) => client.on('error', () => undefined)),
  label: 'kysely-replication',
};

/** As Kysely's documentation has it. */
export const plain: Candidate = { ...of(() => undefined), label: 'kysely-replication, as documented' };

function of(connected: (client: PoolClient) => void): Omit<Candidate, 'label'> {
  const how =
    "a `selectFrom('note')` compiled once, its tree given to `db.executeQuery` with each id: raw `sql` asks the primary only";
  const open = async (target: Target): Promise<Router> => {
    const dialect = (address: Address) => {
      const pool = new Pool(poolConfig(target, address));
      // As for Drizzle: without it the loss of an idle connection ends the process.
      pool.on('error', () => undefined);
      pool.on('connect', connected);
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

    return {
      read: (id) => db.executeQuery<Selectable<Note>>({ ...fast, parameters: [id] }),
      slowRead: (id) => db.executeQuery<Selectable<Note>>({ ...slow, parameters: [id] }),
      body: (result) => (result as { rows: Note[] }).rows[0]?.body,
      statements: {
        'plain read': () => db.selectFrom('note').select('id').where('id', '=', 1).execute(),
        'write CTE': () =>
          db
            .with('w', (cte) => cte.insertInto('visit').values({ what: 'cte' }).returning('what'))
            .selectFrom('w')
            .selectAll()
            .execute(),
        'FOR UPDATE': () => db.selectFrom('note').select('id').where('id', '=', 1).forUpdate().execute(),
        nextval: () => db.selectNoFrom(sql`nextval('ticket')`.as('id')).execute(),
        'advisory lock': () => db.selectNoFrom(sql`pg_advisory_lock(1)`.as('lock')).execute(),
        'writing function': () => db.selectNoFrom(sql`record_visit()`.as('id')).execute(),
      },
      close: () => db.destroy(),
    };
  };
  return { how, open };
}
