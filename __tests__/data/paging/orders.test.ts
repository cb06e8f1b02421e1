import fc from 'fast-check';
import { KEY, type KeyColumn, type KeysetOptions, type PageRequest } from '../../../data/paging';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type Item, itemsBy, pagesBy, replicated, walk } from './support';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: 1 });
  fleet = await connect(local.contract);
  await fleet.write(
    `create table item (id int primary key, a int, b text, c timestamptz, d numeric,
       e int not null default 0, f int not null default 0)`,
  );
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

interface Row {
  readonly a?: number | null;
  readonly b?: string | null;
  readonly c?: string | null;
  readonly d?: string | null;
}

async function have(rows: readonly Row[]): Promise<void> {
  await fleet.write('delete from item');
  await fleet.write(
    `insert into item (id, a, b, c, d, e, f)
     select place, a, b, c, d, place % 3, place % 2
     from json_populate_recordset(null::item, $1) with ordinality r (id, a, b, c, d, e, f, place)`,
    [JSON.stringify(rows)],
  );
  await replicated(local);
}

/** What PostgreSQL makes of the whole list at once. */
async function sorted(orderBy: readonly KeyColumn[]): Promise<number[]> {
  const by = [...orderBy, { column: 'id', direction: orderBy.at(-1)?.direction, nulls: undefined }]
    .map(({ column, direction, nulls }) => `${column} ${direction ?? 'asc'} ${nulls ? `nulls ${nulls}` : ''}`)
    .join(', ');
  return (await local.primary.query<Item>(`select id from item order by ${by}`)).map(({ id }) => id);
}

/** Every page forward, and backward, by one statement a page or by the pieces that query builders get. */
async function hold(orderBy: readonly KeyColumn[], size: number, options: Partial<KeysetOptions> = {}): Promise<void> {
  const pages = pagesBy({ orderBy, ...options });
  const byParts = async (request: PageRequest) => {
    const { key, where, orderBy: order, limit } = pages.parts(sql, request);
    const { text, values } =
      sql`select id, ${key} as ${raw(KEY)} from item where ${where} order by ${order} limit ${limit}`;
    return pages.page<Item>((await fleet.query<Item>(text, values)).rows, request);
  };
  const expected = await sorted(orderBy);
  for (const page of [(request: PageRequest) => itemsBy(fleet, pages, request), byParts]) {
    const forward = await walk((after) => page({ first: size, after }));
    const backward = await walk((before) => page({ last: size, before }), 'backward');
    expect(forward.flat()).toEqual(expected);
    expect([...backward].reverse().flat()).toEqual(expected);
    for (const full of [...forward.slice(0, -1), ...backward.slice(0, -1)]) expect(full).toHaveLength(size);
  }
}

/** As the tags of query builders do it: what is SQL itself is put in, all else becomes a parameter. */
class Sql {
  constructor(
    private readonly strings: readonly string[],
    private readonly inner: readonly unknown[],
  ) {}

  get values(): unknown[] {
    return this.inner.flatMap((value) => (value instanceof Sql ? value.values : [value]));
  }

  get text(): string {
    let number = 0;
    return this.write(() => {
      number += 1;
      return `$${number}`;
    });
  }

  private write(next: () => string): string {
    return this.strings
      .map((string, place) => {
        const value = this.inner[place - 1];
        return place === 0 ? string : `${value instanceof Sql ? value.write(next) : next()}${string}`;
      })
      .join('');
  }
}

function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return new Sql(strings, values);
}

function raw(text: string): Sql {
  return new Sql([text], []);
}

const row: fc.Arbitrary<Row> = fc.record({
  // Few values, so that many rows are equal in them.
  a: fc.option(fc.integer({ min: 0, max: 2 })),
  b: fc.option(fc.constantFrom('x', 'X', 'é', '', "o'clock", '%_"\\')),
  // Microseconds, which no Date holds.
  c: fc.option(
    fc.constantFrom('2024-03-31 01:30:00.000001+00', '2024-03-31 01:30:00.000002+00', 'infinity', '4713-01-01 BC'),
  ),
  // Digits, which no number holds.
  d: fc.option(fc.constantFrom('0', '0.1', '99999999999999999999.000000001', '99999999999999999999.000000002', 'NaN')),
});

const orders: fc.Arbitrary<KeyColumn[]> = fc
  .shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1, maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          column: fc.constant(name),
          direction: fc.constantFrom('asc' as const, 'desc' as const),
          nulls: fc.constantFrom('first' as const, 'last' as const),
        }),
      ),
    ),
  );

test('pages forward are the whole list in its order, and so are pages backward', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 30 }),
      orders,
      fc.integer({ min: 1, max: 7 }),
      async (rows, order, size) => {
        await have(rows);
        await hold(order, size);
      },
    ),
    { numRuns: 30 },
  );
});

const WAYS = ['asc', 'desc'] as const;

test.each(WAYS.flatMap((e) => WAYS.flatMap((f) => WAYS.map((id) => [e, f, id] as const))))(
  'by columns that are never NULL: %s, %s, %s',
  async (e, f, id) => {
    await have(Array.from({ length: 20 }, () => ({})));
    const orderBy: KeyColumn[] = [
      { column: 'e', direction: e },
      { column: 'f', direction: f },
      { column: 'id', direction: id },
    ];
    const pages = pagesBy({ orderBy });
    const expected = await local.primary.query<Item>(`select id from item order by e ${e}, f ${f}, id ${id}`);
    const forward = await walk((after) => itemsBy(fleet, pages, { first: 3, after }));
    const backward = await walk((before) => itemsBy(fleet, pages, { last: 3, before }), 'backward');
    expect(forward.flat()).toEqual(expected.map((item) => item.id));
    expect([...backward].reverse().flat()).toEqual(expected.map((item) => item.id));
  },
);

test('types that are said are the same', async () => {
  await have([
    { c: 'infinity', d: '0.1' },
    { c: '2024-01-01 00:00:00.000001+00', d: 'NaN' },
    { c: '-infinity' },
    { d: '1' },
  ]);
  await hold(
    [
      { column: 'c', nulls: 'first', type: 'timestamp with time zone' },
      { column: 'd', nulls: 'last', type: 'numeric' },
    ],
    1,
  );
});

test('an expression with a collation of its own', async () => {
  await have(['b', 'A', 'a', 'B', 'é', 'e'].map((b) => ({ b })));
  const pages = pagesBy({ orderBy: [{ column: 'b', expression: 'upper(b) collate "C"', nulls: 'last' }] });
  const expected = await local.primary.query<Item>('select id from item order by upper(b) collate "C", id');
  const found = await walk((after) => itemsBy(fleet, pages, { first: 2, after }));
  expect(found.flat()).toEqual(expected.map(({ id }) => id));
});

test.each([
  ['bytea', `'\\x00ff'`, `'\\x01'`, `'\\x'`],
  ['uuid', `'00000000-0000-0000-0000-000000000001'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`],
  ['boolean', 'true', 'false'],
  ['real', '0.1', '0.2', `'-infinity'`, `'nan'`],
  ['double precision', '0.1', '0.30000000000000004', '1e308', `'-0'`],
  ['bigint', '9007199254740993', '9007199254740992', '-9223372036854775808'],
  ['date', `'infinity'`, `'2024-02-29'`, `'0044-03-15 BC'`],
  ['interval', `'1 mon 2 days 00:00:00.000001'`, `'-1 year'`, `'0'`],
  ['time with time zone', `'24:00:00+14'`, `'00:00:00.000001-12'`],
  ['char(5)', `'ab'`, `'abc'`],
  ['inet', `'10.0.0.1/8'`, `'::1'`],
  ['int[]', `'{1,null}'`, `'{}'`, `'{1,2}'`],
  ['jsonb', `'{"a": [1]}'`, `'null'`, `'"x"'`],
  ['tstzrange', `'[2024-01-01 00:00:00.000001+00,)'`, `'empty'`],
  ['mood', `'sad'`, `'ok'`, `'happy'`],
])('values of type %s come back from a cursor as they were', async (type, ...values) => {
  await fleet.write('drop table if exists typed');
  await fleet.write('drop type if exists mood');
  await fleet.write(`create type mood as enum ('sad', 'ok', 'happy')`);
  await fleet.write(`create table typed (id int primary key, v ${type})`);
  const rows = [...values, ...values, 'null'].map((value, place) => `(${place + 1}, ${value})`);
  await fleet.write(`insert into typed values ${rows.join(', ')}`);
  await replicated(local);
  for (const orderBy of [
    [{ column: 'v', nulls: 'last' }],
    [{ column: 'v', nulls: 'first', direction: 'desc', type }],
  ] satisfies KeyColumn[][]) {
    const pages = pagesBy({ orderBy });
    const found = await walk((after) =>
      pages.query<Item>(fleet, {
        text: ({ key, where, orderBy, limit }) => `select id, ${key} from typed where ${where} ${orderBy} ${limit}`,
        first: 1,
        after,
      }),
    );
    const by = orderBy[0]?.nulls === 'first' ? 'v desc nulls first, id desc' : 'v nulls last, id';
    const expected = await local.primary.query<Item>(`select id from typed order by ${by}`);
    expect(found.flat()).toEqual(expected.map(({ id }) => id));
  }
});
