import { eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { bigint, pgTable, text } from 'drizzle-orm/pg-core';
import { SEQUENCE, type Subject, TABLE } from '../subject';

export const jotting = pgTable(TABLE, {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  body: text('body').notNull(),
});

type Database = NodePgDatabase<{ jotting: typeof jotting }>;

/** What both subjects ask in the same words. */
export function asked(db: Database): Omit<Subject, 'fleet' | 'close'> {
  const create = async (body: string, on: Pick<Database, 'insert'> = db) => {
    const [row] = await on.insert(jotting).values({ body }).returning({ id: jotting.id });
    return row?.id as number;
  };
  const find = async (id: number, on: Pick<Database, 'query'> = db) =>
    (await on.query.jotting.findFirst({ where: eq(jotting.id, id) }))?.body;

  return {
    create,
    find,
    writeInCte(body) {
      const insert = db.insert(jotting).values({ body }).returning({ id: jotting.id });
      if (takesWrites(insert)) {
        const w = db.$with('w').as(insert);
        return db.with(w).select().from(w);
      }
      return db.execute(sql`with w as (${insert.getSQL()}) select id from w`);
    },
    lockingRead: (id) => db.select().from(jotting).where(eq(jotting.id, id)).for('update'),
    nextval: () => db.select({ ticket: sql`nextval('${sql.raw(SEQUENCE)}')` }).from(sql`(values (1)) as one`),
    transaction: (body) => db.transaction(async (tx) => find(await create(body, tx), tx)),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      const transaction = db.transaction(async (tx) => {
        await create(body, tx);
        throw thrown;
      });
      await transaction.catch((error) => {
        if (error !== thrown) throw error;
      });
    },
    createThenFind: async (body) => find(await create(body)),
    slowRead: (seconds) =>
      db
        .select({ n: sql`count(*)`, slept: sql`pg_sleep(${seconds})` })
        .from(jotting)
        .where(sql`${jotting.id} > 0`),
  };
}

/** Whether this version takes a write in `$with().as()`: of others only its text can be had there. */
function takesWrites(insert: object): boolean {
  return 'getSelectedFields' in insert;
}
