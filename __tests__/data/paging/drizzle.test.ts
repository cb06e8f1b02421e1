import { and, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, integer, pgTable, text } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { KEY, type Keyset, type PageRequest } from '../../../data/paging';
import { bothWays, Items, itemRows, orders } from './items';
import { pagesBy } from './support';

const item = pgTable('item', { id: integer().primaryKey(), done: boolean().notNull(), name: text().notNull() });
const tag = pgTable('tag', { itemId: integer('item_id').notNull(), id: integer().primaryKey() });

let items: Items;
let db: ReturnType<typeof drizzle>;

beforeAll(async () => {
  items = await Items.start();
  db = drizzle({ client: items.pool });
});

afterAll(() => items?.stop());

/** As docs/paging.md has it. */
async function page(newest: Keyset, request: PageRequest, mine = sql`true`) {
  const { key, where, orderBy, limit } = newest.parts(sql<string>, request);
  const rows = await db
    .select({ id: item.id, name: item.name, [KEY]: key })
    .from(item)
    .where(and(mine, where))
    .orderBy(orderBy)
    .limit(limit);
  return newest.page(rows, request);
}

test('pages by Drizzle are the whole list, forward and backward, with ties, NULLs and mixed directions', async () => {
  await fc.assert(
    fc.asyncProperty(itemRows, orders, fc.integer({ min: 1, max: 6 }), async (rows, orderBy, size) => {
      await items.fill(rows);
      const pages = pagesBy({ orderBy });
      const expected = await items.ids(orderBy);
      expect(await bothWays(size, (request) => page(pages, request))).toEqual({
        forward: expected,
        backward: expected,
      });
    }),
    { numRuns: 40 },
  );
});

describe('among a hundred items', () => {
  beforeAll(() =>
    items.fill(
      Array.from({ length: 100 }, (_, n) => ({ at: null, big: '1', price: null, done: n % 3 === 0, name: `${n % 7}` })),
    ),
  );

  test('microseconds are told apart, though Drizzle makes a Date of them', async () => {
    const pages = pagesBy({ orderBy: [{ column: 'exact', direction: 'desc' }] });
    const expected = await items.ids([{ column: 'exact', direction: 'desc' }]);
    expect((await bothWays(7, (request) => page(pages, request))).forward).toEqual(expected);
  });

  test('conditions of one`s own hold on every page', async () => {
    const orderBy = [{ column: 'name', direction: 'desc' as const }];
    const pages = pagesBy({ orderBy });
    const found = await bothWays(4, (request) => page(pages, request, eq(item.done, true)));
    expect(found.forward).toEqual((await items.ids(orderBy)).filter((id) => id % 3 === 0));
  });

  test('a cursor of the same keyset in plain SQL is one for Drizzle, and the other way round', async () => {
    const orderBy = [{ column: 'name' }, { column: 'done', direction: 'desc' as const }];
    const pages = pagesBy({ orderBy });
    const plain = (request: PageRequest) =>
      pages.query<{ id: number }>(items.pool, {
        text: ({ key, where, orderBy, limit }) => `select id, ${key} from item where ${where} ${orderBy} ${limit}`,
        ...request,
      });
    const expected = await items.ids([...orderBy]);
    const first = await plain({ first: 10 });
    const second = await page(pages, { first: 10, after: first.pageInfo.endCursor });
    const third = await plain({ first: 10, after: second.pageInfo.endCursor });
    const ids = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
    expect(ids).toEqual(expected.slice(0, 30));
  });

  test('of two tables, each column is named with its own', async () => {
    await items.pool.query('drop table if exists tag; create table tag (id int primary key, item_id int not null)');
    await items.pool.query('insert into tag select n, n % 100 from generate_series(0, 299) as n');
    const pages = pagesBy({ orderBy: [{ column: 'item.name', direction: 'desc' }], unique: 'tag.id' });
    const joined = async (request: PageRequest) => {
      const { key, where, orderBy, limit } = pages.parts(sql<string>, request);
      const rows = await db
        .select({ id: tag.id, [KEY]: key })
        .from(tag)
        .innerJoin(item, eq(item.id, tag.itemId))
        .where(where)
        .orderBy(orderBy)
        .limit(limit);
      return pages.page(rows, request);
    };
    const { rows } = await items.pool.query<{ id: number }>(
      'select tag.id from tag join item on item.id = item_id order by item.name desc, tag.id desc',
    );
    expect((await bothWays(40, joined)).forward).toEqual(rows.map(({ id }) => id));
  });

  test('the column that is ours is in no row, and the others have their types', async () => {
    const { rows } = await page(pagesBy(), { first: 1 });
    expect(rows.map(({ id, name }) => ({ id: id.toFixed(), name: name.toUpperCase() }))).toEqual([
      { id: '0', name: '0' },
    ]);
    expect(rows[0]).not.toHaveProperty(KEY);
  });
});
