import knex, { type Knex } from 'knex';
import { connect } from 'readfleet';
import { knexClient } from 'readfleet/knex';
import { FAST } from '../fast';
import { type Candidate, SEQUENCE, TABLE } from '../subject';

interface Jotting {
  id: string;
  body: string;
}

/** Knex, which has no replication of its own. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const db = knex({ client: knexClient(fleet, knex) });
    const create = async (body: string, on: Knex = db) =>
      Number((await on<Jotting>(TABLE).insert({ body }).returning('id'))[0]?.id);
    const find = async (id: number, on: Knex = db) =>
      (
        await on<Jotting>(TABLE)
          .where({ id: String(id) })
          .first()
      )?.body;

    return {
      fleet,
      create: (body) => create(body),
      find: (id) => find(id),
      writeInCte: (body) => db.with('w', db(TABLE).insert({ body }).returning('id')).select('id').from('w'),
      lockingRead: (id) => db(TABLE).where({ id }).forUpdate(),
      nextval: () => db.select(db.raw(`nextval('${SEQUENCE}')`)),
      transaction: (body) => db.transaction(async (transaction) => find(await create(body, transaction), transaction)),
      async rolledBack(body) {
        const thrown = new Error('thrown by the app');
        await db
          .transaction(async (transaction) => {
            await create(body, transaction);
            throw thrown;
          })
          .catch((error) => {
            if (error !== thrown) throw error;
          });
      },
      createThenFind: (body) => fleet.session(async () => find(await create(body))),
      slowRead: (seconds) =>
        db(TABLE)
          .where('id', '>', 0)
          .count()
          .select(db.raw('pg_sleep(?)', [seconds])),
      async close() {
        await db.destroy();
        await fleet.close();
      },
    };
  },
};
