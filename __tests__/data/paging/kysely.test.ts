import type { Kysely } from 'kysely' with { 'resolution-mode': 'import' };
import { kyselyPool } from '../../../adapters/orm/kysely';
import { KEY, type Page, type PageRequest } from '../../../data/paging';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { loadKysely } from '../../adapters/kysely-packed';
import { pagesBy, replicated } from './support';

const { Kysely: KyselyClass, PostgresDialect, sql } = loadKysely();

interface Message {
  readonly id: number;
  readonly conversation_id: number;
  readonly body: string;
  readonly created_at: Date;
}

const newest = pagesBy({ orderBy: [{ column: 'created_at', direction: 'desc' }] });

let local: LocalFleet;
let fleet: Fleet;
let db: Kysely<{ message: Message }>;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract);
  db = new KyselyClass({
    dialect: new PostgresDialect({ pool: kyselyPool(fleet, { maxStalenessMs: Number.POSITIVE_INFINITY }) }),
  });
  // Seven of one conversation, of which some are of one microsecond, and one of another.
  await local.primary.query(`
    create table message as
      select n as id, 1 as conversation_id, 'message ' || n as body,
             timestamptz '2024-01-01 00:00:00.123456+00' + (n / 2) * interval '1 microsecond' as created_at
      from generate_series(1, 7) n
      union all select 8, 2, 'of another', now()
  `);
  await replicated(local);
});

afterAll(async () => {
  await db?.destroy();
  await fleet?.close();
  await local?.stop();
});

/** As docs/paging.md has it. */
async function pageOf(id: number, request: PageRequest): Promise<Page<Pick<Message, 'id' | 'body'>>> {
  const { key, where, orderBy, limit } = newest.parts(sql<boolean>, request);
  const rows = await db
    .selectFrom('message')
    .select(['id', 'body', key.as(KEY)])
    .where('conversation_id', '=', id)
    .where(where)
    .orderBy(orderBy)
    .limit(limit)
    .execute();
  return newest.page(rows, request);
}

test('pages of a query builder follow one another, rows of the same moment too, without the key', async () => {
  const first = await pageOf(1, { first: 3 });
  expect(first.rows).toEqual([
    { id: 7, body: 'message 7' },
    { id: 6, body: 'message 6' },
    { id: 5, body: 'message 5' },
  ]);
  const second = await pageOf(1, { first: 3, after: first.pageInfo.endCursor });
  expect(second.rows.map(({ id }) => id)).toEqual([4, 3, 2]);
  const third = await pageOf(1, { first: 3, after: second.pageInfo.endCursor });
  expect(third.rows.map(({ id }) => id)).toEqual([1]);
  expect([second.pageInfo.hasNextPage, third.pageInfo.hasNextPage]).toEqual([true, false]);
});

test('and backward', async () => {
  const last = await pageOf(1, { last: 2 });
  expect(last.rows.map(({ id }) => id)).toEqual([2, 1]);
  const before = await pageOf(1, { last: 3, before: last.pageInfo.startCursor });
  expect(before.rows.map(({ id }) => id)).toEqual([5, 4, 3]);
});

test('they are read from a replica', async () => {
  const reads = () => fleet.status().members.find(({ name }) => name === 'blue')?.reads ?? 0;
  const before = reads();
  await pageOf(1, { first: 3 });
  expect(reads()).toBe(before + 1);
});

test('a cursor of another list is refused', async () => {
  const { pageInfo } = await pageOf(1, { first: 1 });
  expect(() => pagesBy({ name: 'another' }).parts(sql<boolean>, { after: pageInfo.endCursor })).toThrow(
    expect.objectContaining({ code: 'READFLEET_CURSOR_INVALID' }),
  );
});
