import type { EventEmitter } from 'node:events';
import { Client, type Pool, type PoolClient, Query, type QueryConfig } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { eventually } from '../../support/eventually';

type Ask = (...args: unknown[]) => unknown;

/**
 * Asks a pool for more at once than it has connections, and returns what it answered. Which connection is free first is the servers' affair: so what
 * was heard is in no order.
 */
export async function atOnce(pool: Pool): Promise<unknown[]> {
  const seen: unknown[] = [];
  hearEvents(pool, seen);
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => outcome(pool.query(`select ${n} as n`))));
  return [
    ...answers,
    ...seen.map((each) => JSON.stringify(each)).sort(),
    pool.totalCount,
    pool.idleCount,
    pool.waitingCount,
  ];
}

/** Calls a pool in every way that `pg` knows, one after the other, and returns what it answered, in order: results, errors, events, counters. */
export async function script(pool: Pool): Promise<unknown[]> {
  const seen: unknown[] = [];
  const connections = hearEvents(pool, seen);
  const counters = () => seen.push([pool.totalCount, pool.idleCount, pool.waitingCount, pool.ending, pool.ended]);
  const query: Ask = (...args) => (pool.query as Ask).apply(pool, args);
  const note = async (what: string, answer: unknown) => seen.push([what, await outcome(answer)]);
  const called = (what: string, ask: (callback: Ask) => unknown) =>
    new Promise<void>((resolve) => {
      const returned = ask((...args: unknown[]) => {
        seen.push([what, args.map(plain)]);
        resolve();
      });
      seen.push([what, 'returned', typeof returned]);
    });

  counters();
  await note('text', query('select 1 as n'));
  await note('text and values', query('select $1::int as n, $2::text as t', [1, 'é']));
  await note('config', query({ text: 'select $1::int as n', values: [2] }));
  await note('config and values', query({ text: 'select $1::int as n' }, [3]));
  await note('rowMode', query({ text: 'select 1 as a, 2 as a', rowMode: 'array' }));
  await note(
    'types',
    query({ text: 'select 1::bigint as n', types: { getTypeParser: () => (text: string) => `<${text}>` } }),
  );
  for (const value of [4, 5])
    await note('named', query({ name: 'four', text: 'select $1::int as n', values: [value] }));
  await note('named, other text', query({ name: 'four', text: 'select 5' }));
  await note('several statements', query('select 1 as a; select 2 as b'));
  await note('write', query('update note set body = $1 where id = 1', ['x']));
  await note('empty', query(''));
  await note('error', query('select * from nowhere'));
  await note('error with values', query('select 1 / $1::int', [0]));
  await note('invalid', query('nonsense'));
  await note('no array', query('select $1', 'value'));
  await note('nothing', query({}));
  await note('null', query(null));
  counters();
  await called('callback', (callback) => query('select 1 as n', callback));
  await called('values and callback', (callback) => query('select $1::int as n', [1], callback));
  await called('config and callback', (callback) => query({ text: 'select 1 as n' }, callback));
  await called('error and callback', (callback) => query('select * from nowhere', callback));
  await called('function first', (callback) => query(callback));
  await note('pg.Query', query(new Query('select 1 as n')));
  await note('stream', streamed(query));
  counters();

  const client = await pool.connect();
  counters();
  for (const text of [
    'begin',
    'select 1 as n',
    'select 1 / 0',
    'select 1',
    'rollback',
    'set work_mem = 64',
    'listen a',
  ])
    await note(`client ${text}`, client.query(text));
  await note(
    'client un-awaited',
    Promise.allSettled(['select 1', 'select 1 / 0', 'select 2'].map((text) => client.query(text))),
  );
  const cursor = client.query(new Cursor('select id from note order by id'));
  await note('cursor', cursor.read(3));
  await note('cursor closed', cursor.close());
  await called('client callback', (callback) => client.query('select 1 as n', callback as never));
  await called('client config callback', (callback) =>
    client.query({ text: 'select 1 as n', callback } as QueryConfig),
  );
  client.release();
  await note('released twice', new Promise((resolve) => resolve(client.release())));
  await called('connect', (callback) =>
    (pool.connect as Ask).call(pool, (error: unknown, given: PoolClient, release: Ask) => {
      release(new Error('spoilt'));
      callback(error, typeof given.query);
    }),
  );
  await note('again', query('select 1'));
  counters();
  await eventually(() => connections.made - connections.removed === pool.totalCount);
  return [...seen, { ...connections }];
}

async function streamed(query: Ask): Promise<unknown[]> {
  const stream = new QueryStream('select generate_series(1, 5) as n');
  const ended = query(stream);
  const rows: unknown[] = [];
  for await (const row of stream) rows.push(row);
  await ended;
  return rows;
}

/** A connection that is closed takes its time, so when it is removed is told apart from the order of all else. */
function hearEvents(pool: Pool, seen: unknown[]): { made: number; removed: number } {
  const connections = { made: 0, removed: 0 };
  pool.on('connect', () => {
    connections.made += 1;
  });
  pool.on('remove', (...args: unknown[]) => {
    connections.removed += args.map(plain).join() === 'a client' ? 1 : Number.NaN;
  });
  for (const event of ['connect', 'acquire', 'release', 'error'])
    (pool as EventEmitter).on(event, (...args: unknown[]) => seen.push(['event', event, args.map(plain)]));
  return connections;
}

async function outcome(answer: unknown): Promise<unknown> {
  try {
    return plain(await answer);
  } catch (error) {
    return plain(error);
  }
}

/** What of a value does not differ from run to run. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Error)
    return { ...value, name: value.name, message: value.message, kind: value.constructor.name };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Client) return 'a client';
  if ('reason' in value || 'status' in value) return Object.entries(value).map(([key, each]) => [key, plain(each)]);
  const { command, rowCount, rows, fields } = value as Record<string, unknown>;
  return command === undefined ? value : { command, rowCount, rows, fields };
}
