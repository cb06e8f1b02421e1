import fc from 'fast-check';
import type { QueryResultRow } from 'pg';
import { type KeyColumn, type Keyset, keyset, type Page, type PageRequest } from '../../../data/paging';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { readsDuring } from '../../support/counts';
import { eventually } from '../../support/eventually';

const SECRET = 'a secret of more than sixteen bytes';
/** Whatever age: these tests wait for rows, not for freshness. */
const ANY_AGE = { maxStalenessMs: Number.POSITIVE_INFINITY };

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connect(local.contract, { session: { waitMs: 5_000 } });
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** Resolves when both replicas show what the primary has written so far. */
async function replicated(): Promise<void> {
  const [written] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  for (const replica of local.replicas) {
    await eventually(async () => {
      const [row] = await replica.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
        written?.lsn,
      ]);
      return row?.there === true;
    });
  }
}

interface Item extends QueryResultRow {
  readonly id: number;
}

function itemsBy(pages: Keyset, request: PageRequest, table = 'item'): Promise<Page<Item>> {
  return pages.query<Item>(fleet, {
    text: ({ key, where, orderBy, limit }) => `select id, ${key} from ${table} where ${where} ${orderBy} ${limit}`,
    ...request,
    read: ANY_AGE,
  });
}

/** Every page of a list, one after the other. */
async function walk(
  next: (cursor: string | undefined) => Promise<Page<Item>>,
  way: 'forward' | 'backward' = 'forward',
): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: string | undefined;
  for (;;) {
    const { rows, pageInfo } = await next(cursor);
    pages.push(rows.map(({ id }) => id));
    const more = way === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (!more) return pages;
    cursor = (way === 'forward' ? pageInfo.endCursor : pageInfo.startCursor) ?? undefined;
  }
}

describe('rows of any kind, in any order', () => {
  const COLUMNS = ['a', 'b', 'c', 'd'] as const;
  const row = fc.record({
    // Few values, so that many rows are equal in them.
    a: fc.option(fc.integer({ min: 0, max: 2 })),
    b: fc.option(fc.constantFrom('x', 'X', 'é', '', "o'clock", '%_"\\')),
    // Microseconds, which no Date holds.
    c: fc.option(
      fc.constantFrom('2024-03-31 01:30:00.000001+00', '2024-03-31 01:30:00.000002+00', 'infinity', '4713-01-01 BC'),
    ),
    d: fc.option(
      fc.constantFrom('0', '0.1', '99999999999999999999.000000001', '99999999999999999999.000000002', 'NaN'),
    ),
  });
  const column = (name: (typeof COLUMNS)[number]) =>
    fc.record({
      column: fc.constant(name),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
      nulls: fc.constantFrom('first' as const, 'last' as const),
    });
  const orderBy = fc
    .shuffledSubarray([...COLUMNS], { minLength: 1, maxLength: 3 })
    .chain((names) => fc.tuple(...names.map(column)) as fc.Arbitrary<KeyColumn[]>);

  beforeAll(async () => {
    await fleet.write(
      'create table item (id int primary key, a int, b text, c timestamptz, d numeric, e int not null default 0, f int not null default 0)',
    );
  });

  async function have(rows: readonly fc.TypeOf<typeof row>[]): Promise<void> {
    await fleet.write('delete from item');
    await fleet.write(
      `insert into item (id, a, b, c, d, e, f)
       select place, r.a, r.b, r.c, r.d, place % 3, place % 2 from json_populate_recordset(null::item, $1) with ordinality r(id, a, b, c, d, e, f, place)`,
      [JSON.stringify(rows)],
    );
    await replicated();
  }

  async function sorted(order: readonly KeyColumn[]): Promise<number[]> {
    const by = [...order, { column: 'id', direction: order.at(-1)?.direction, nulls: undefined }]
      .map(({ column, direction, nulls }) => `${column} ${direction ?? 'asc'} ${nulls ? `nulls ${nulls}` : ''}`)
      .join(', ');
    return (await local.primary.query<Item>(`select id from item order by ${by}`)).map(({ id }) => id);
  }

  async function hold(order: readonly KeyColumn[], size: number): Promise<void> {
    const pages = keyset({ orderBy: order, unique: 'id', secret: SECRET });
    const expected = await sorted(order);
    const forward = await walk((after) => itemsBy(pages, { first: size, after }));
    const backward = await walk((before) => itemsBy(pages, { last: size, before }), 'backward');
    expect(forward.flat()).toEqual(expected);
    expect([...backward].reverse().flat()).toEqual(expected);
    expect(forward.slice(0, -1).every((page) => page.length === size)).toBe(true);
    expect(backward.slice(0, -1).every((page) => page.length === size)).toBe(true);
  }

  test('pages forward are what ORDER BY says, and backward the same from the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        orderBy,
        fc.integer({ min: 1, max: 7 }),
        async (rows, order, size) => {
          await have(rows);
          await hold(order, size);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('so are those by columns that are never NULL, in one direction or several', async () => {
    await have(Array.from({ length: 20 }, () => ({ a: null, b: null, c: null, d: null })));
    const directions = ['asc', 'desc'] as const;
    for (const e of directions)
      for (const f of directions)
        await hold(
          [
            { column: 'e', direction: e },
            { column: 'f', direction: f },
          ],
          3,
        );
  });

  test('by an expression and another collation', async () => {
    await have(['b', 'A', 'a', 'B', 'é', 'e'].map((b) => ({ a: null, b, c: null, d: null })));
    const pages = keyset({
      orderBy: [{ column: 'b', expression: 'upper(b) collate "C"', nulls: 'last' }],
      unique: 'id',
      secret: SECRET,
    });
    const expected = await local.primary.query<Item>('select id from item order by upper(b) collate "C", id');
    expect((await walk((after) => itemsBy(pages, { first: 2, after }))).flat()).toEqual(expected.map(({ id }) => id));
  });
});
