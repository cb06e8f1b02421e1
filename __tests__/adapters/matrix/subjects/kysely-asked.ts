import type { ColumnType, Kysely } from 'kysely' with { 'resolution-mode': 'import' };
import { SEQUENCE, type Subject } from '../subject';

export interface Database {
  readonly jotting: { readonly id: ColumnType<string, never, never>; readonly body: string };
}

/** What is asked of Kysely, in its own words, wherever it sends it. Imported where it is needed: the highest version is ESM alone. */
export async function asked(db: Kysely<Database>): Promise<Omit<Subject, 'close'>> {
  const { sql } = await import('kysely');

  async function create(body: string, on = db): Promise<number> {
    const { id } = await on.insertInto('jotting').values({ body }).returning('id').executeTakeFirstOrThrow();
    return Number(id);
  }

  const select = (id: number, on = db) => on.selectFrom('jotting').select('body').where('id', '=', String(id));
  const find = async (id: number, on = db) => (await select(id, on).executeTakeFirst())?.body;

  return {
    create,
    find: (id) => find(id),
    writeInCte: (body) =>
      db
        .with('w', (query) => query.insertInto('jotting').values({ body }).returning('id'))
        .selectFrom('w')
        .select('id')
        .execute(),
    lockingRead: (id) => select(id).forUpdate().execute(),
    nextval: () => db.selectNoFrom(({ fn }) => fn<string>('nextval', [sql.lit(SEQUENCE)]).as('n')).execute(),
    transaction: (body) => db.transaction().execute(async (trx) => find(await create(body, trx), trx)),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      await db
        .transaction()
        .execute(async (trx) => {
          await create(body, trx);
          throw thrown;
        })
        .catch((error) => {
          if (error !== thrown) throw error;
        });
    },
    createThenFind: async (body) => find(await create(body)),
    // By a builder: what the `sql` tag alone makes is sent to the primary by kysely-replication.
    slowRead: (seconds) =>
      db
        .selectFrom('jotting')
        .select(({ fn }) => [fn.countAll().as('n'), sql`pg_sleep(${seconds})`.as('slept')])
        .where('id', '>', '0')
        .execute(),
  };
}
