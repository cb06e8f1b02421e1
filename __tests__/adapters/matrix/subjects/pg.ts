import type { PoolClient } from 'pg';
import { connect } from 'readfleet';
import { FAST } from '../fast';
import { type Candidate, SEQUENCE, TABLE } from '../subject';

/** `fleet.pool` in the place of a pool. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const { pool } = fleet;
    const insert = `insert into ${TABLE} (body) values ($1) returning id`;
    const select = `select body from ${TABLE} where id = $1`;
    const create = async (body: string) => Number((await pool.query(insert, [body])).rows[0]?.id);
    const find = async (id: number) => (await pool.query<{ body: string }>(select, [id])).rows[0]?.body;

    /** As pg's guide has it. */
    async function transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    }

    return {
      fleet,
      create,
      find,
      writeInCte: (body) => pool.query(`with w as (${insert}) select id from w`, [body]),
      lockingRead: (id) => pool.query(`${select} for update`, [id]),
      nextval: () => pool.query(`select nextval('${SEQUENCE}')`),
      transaction: (body) =>
        transaction(async (client) => {
          const { rows } = await client.query(insert, [body]);
          return (await client.query<{ body: string }>(select, [rows[0]?.id])).rows[0]?.body;
        }),
      async rolledBack(body) {
        const thrown = new Error('thrown by the app');
        await transaction(async (client) => {
          await client.query(insert, [body]);
          throw thrown;
        }).catch((error) => {
          if (error !== thrown) throw error;
        });
      },
      createThenFind: (body) => fleet.session(async () => find(await create(body))),
      slowRead: (seconds) => pool.query(`select count(*), pg_sleep($1) from ${TABLE} where id > 0`, [seconds]),
      close: () => fleet.close(),
    };
  },
};
