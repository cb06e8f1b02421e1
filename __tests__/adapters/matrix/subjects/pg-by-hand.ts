import { Pool } from 'pg';
import { type Candidate, SEQUENCE, type Server, TABLE } from '../subject';

/** Two pools, told apart by the word that a statement begins with, replicas in turn: what teams write before they know better. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const opened = (server: Server) => {
      const pool = new Pool(server);
      // Without a listener the loss of an idle connection ends the process.
      pool.on('error', () => undefined);
      return pool;
    };
    const writer = opened(primary);
    const readers = replicas.map(opened);
    let turn = 0;
    const query = (text: string, values: unknown[] = []) => {
      const reads = /^\s*(select|with)\b/i.test(text);
      turn += 1;
      return ((reads ? readers[turn % readers.length] : undefined) ?? writer).query(text, values);
    };
    const insert = `insert into ${TABLE} (body) values ($1) returning id`;
    const select = `select body from ${TABLE} where id = $1`;
    const create = async (body: string) => Number((await query(insert, [body])).rows[0]?.id);
    const find = async (id: number) => (await query(select, [id])).rows[0]?.body as string | undefined;

    return {
      create,
      find,
      writeInCte: (body) => query(`with w as (${insert}) select id from w`, [body]),
      lockingRead: (id) => query(`${select} for update`, [id]),
      nextval: () => query(`select nextval('${SEQUENCE}')`),
      async transaction(body) {
        const client = await writer.connect();
        try {
          await client.query('begin');
          const { rows } = await client.query(insert, [body]);
          // A repository that was not handed the client.
          const found = await find(rows[0]?.id);
          await client.query('commit');
          return found;
        } finally {
          client.release();
        }
      },
      async rolledBack(body) {
        const client = await writer.connect();
        await client.query('begin');
        await client.query(insert, [body]);
        await client.query('rollback');
        client.release();
      },
      createThenFind: async (body) => find(await create(body)),
      slowRead: (seconds) => query(`select count(*), pg_sleep($1) from ${TABLE} where id > 0`, [seconds]),
      async close() {
        await Promise.all([writer, ...readers].map((pool) => pool.end()));
      },
    };
  },
};
