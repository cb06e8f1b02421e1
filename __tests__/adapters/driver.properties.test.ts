import fc from 'fast-check';
import type { Client, Pool, PoolClient, QueryResult } from 'pg';
import Cursor from 'pg-cursor';
import { DriverClient } from '../../adapters/orm/driver/client';
import { Servers, type TestHost } from '../lib/facade/support';
import { eventually } from '../support/eventually';

const RUNS = 40;

let servers: Servers;

beforeAll(async () => {
  servers = await Servers.start();
  const { primary } = servers.local;
  await primary.query('create table note (id int primary key, body text not null)');
  await primary.query(`insert into note select n, 'note ' || n from generate_series(1, 5) n`);
  await servers.replicated();
});

afterAll(() => servers?.stop());

/** No replica has what was just written: what is read of it is read of the primary. */
const ROWS = 'select id, body from note where id < 3 order by id';
const TEXTS = [
  ROWS,
  'select count(*)::int as n from note',
  'select 1 / 0',
  'nonsense',
  '',
  'select body from note where id > 3 order by id for update',
  `update note set body = body || '!' where id = 4`,
  'begin',
  'commit',
  'rollback',
  'savepoint a',
  'rollback to a',
  'set local work_mem = 64',
  `select set_config('work_mem', '64kB', true)`,
  `set work_mem = '65kB'`,
  'show work_mem',
  `update note set body = 'x' where id = 5; set work_mem = '66kB'`,
  'begin; select 1 as n',
  'listen news',
  'prepare p as select 3 as n',
  'execute p',
  'deallocate p',
  'create temp table if not exists mine (id int)',
  'select count(*)::int as n from mine',
  'declare c cursor with hold for select generate_series(1, 3) as n',
  'fetch c',
];

const statement = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...TEXTS).map((text) => ({ kind: 'text' as const, text })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cursor' as const, text: ROWS }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'named' as const, text: 'select $1::int as n' }) },
);
type Asked = typeof statement extends fc.Arbitrary<infer T> ? T : never;
type Asks = Pick<PoolClient, 'query'>;

function ask(client: Asks, { kind, text }: Asked): Promise<unknown> {
  if (kind === 'named') return client.query({ name: 'named', text, values: [7] });
  if (kind !== 'cursor') return client.query(text);
  const cursor = client.query(new Cursor(text));
  return cursor.read(10).finally(() => cursor.close());
}

function told(answer: PromiseSettledResult<unknown>): unknown {
  if (answer.status === 'rejected') return [answer.reason.code, answer.reason.message];
  const one = ({ command, rows, rowCount }: QueryResult) => ({ command, rows, rowCount });
  return [answer.value].flat().map((each) => ((each as QueryResult).command === undefined ? each : one(each as never)));
}

/** Asks each statement after the one before has ended, as ORMs do, or all at once. */
async function answers(client: Asks, asked: readonly Asked[], awaited: boolean): Promise<unknown[]> {
  const settled: PromiseSettledResult<unknown>[] = [];
  if (awaited) for (const each of asked) settled.push(...(await Promise.allSettled([ask(client, each)])));
  else settled.push(...(await Promise.allSettled(asked.map((each) => ask(client, each)))));
  return settled.map(told);
}

async function restore(): Promise<void> {
  await servers.local.primary.query(`update note set body = 'note ' || id where body <> 'note ' || id`);
  await servers.replicated();
}

function longLived(host: TestHost): Client {
  const nothing = { parameters: {}, cancel: async () => undefined, assertOpen: () => undefined };
  return new DriverClient({ host, ...nothing }) as unknown as Client;
}

/** What anybody who takes a connection of these pools could find of those who had it before. */
async function leftovers(pool: Pool): Promise<unknown> {
  const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  const found = await Promise.all(
    clients.map(async (client) => {
      const { rows } = await client.query(`
        select current_setting('work_mem') as work_mem, pg_my_temp_schema()::int as temporary,
               array(select pg_listening_channels()) as channels, array(select name from pg_cursors where name <> '') as cursors,
               array(select name from pg_prepared_statements where from_sql) as prepared, now() = statement_timestamp() as fresh`);
      return rows[0];
    }),
  );
  for (const client of clients) client.release();
  return [...new Set(found.map((each) => JSON.stringify(each)))];
}

test('any statements give what they give on a bare client of the primary, and leave nothing to others', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { maxLength: 12 }), fc.boolean(), async (asked, awaited) => {
      const host = servers.host();
      const bare = await host.writerPool.connect();
      const untouched = JSON.stringify({
        work_mem: (await bare.query('show work_mem')).rows[0].work_mem,
        temporary: 0,
        channels: [],
        cursors: [],
        prepared: [],
        fresh: true,
      });
      const expected = await answers(bare, asked, awaited);
      bare.release(true);
      await restore();

      const client = longLived(host);
      await client.connect();
      expect(await answers(client, asked, awaited)).toEqual(expected);
      await client.end();

      await eventually(() => host.writerPool.totalCount === host.writerPool.idleCount);
      for (const pool of [host.writerPool, ...host.readerPools]) {
        const found = await leftovers(pool);
        expect(found).toEqual(pool.totalCount > 0 ? [untouched] : []);
      }
      await servers.closeHosts();
      await restore();
    }),
    { numRuns: RUNS },
  );
});
