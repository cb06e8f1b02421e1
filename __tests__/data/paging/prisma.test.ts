import fc from 'fast-check';
import { KEY, type KeyColumn, type Page, type PageRequest, type PrismaWhere } from '../../../data/paging';
import { pagesBy, prismaPagesBy } from './support';

type Field = number | bigint | string | boolean | Date | null;
type Row = Record<string, Field>;

/** As Prisma does it, by way of SQL: a comparison with NULL is not true. */
function holds(where: PrismaWhere, row: Row): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    if (name === 'AND') return (wanted as PrismaWhere[]).every((one) => holds(one, row));
    if (name === 'OR') return (wanted as PrismaWhere[]).some((one) => holds(one, row));
    const value = row[name] ?? null;
    if (wanted === null) return value === null;
    if (typeof wanted !== 'object' || wanted instanceof Date)
      return value !== null && order(value, wanted as Field) === 0;
    const [[operator, other] = []] = Object.entries(wanted);
    if (operator === 'not') return value !== null;
    if (value === null) return false;
    const sign = order(value, other as Field);
    return operator === 'lt' ? sign < 0 : operator === 'gt' ? sign > 0 : operator === 'lte' ? sign <= 0 : sign >= 0;
  });
}

function order(one: Field, other: Field): number {
  if (typeof one !== typeof other) throw new Error(`compared ${typeof one} with ${typeof other}`);
  const [a, b] = [one, other].map((value) => (value instanceof Date ? value.getTime() : value)) as [number, number];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As findMany does it. */
function findMany(rows: readonly Row[], args: ReturnType<ReturnType<typeof prismaPagesBy>['args']>): Row[] {
  const sorted = rows
    .filter((row) => holds(args.where, row))
    .sort((one, other) => {
      for (const entry of args.orderBy) {
        const [[name, how] = ['', 'asc' as const]] = Object.entries(entry);
        const { sort, nulls } = typeof how === 'string' ? { sort: how, nulls: undefined } : how;
        const [a, b] = [one[name] ?? null, other[name] ?? null];
        if (a === null && b === null) continue;
        if (a === null || b === null) return (a === null) === (nulls === 'first') ? -1 : 1;
        const sign = order(a, b);
        if (sign !== 0) return sort === 'asc' ? sign : -sign;
      }
      return 0;
    });
  return sorted.slice(0, args.take);
}

const row = fc.record({
  at: fc.option(fc.constantFrom(new Date('2024-01-01T00:00:00.001Z'), new Date('2024-01-01T00:00:00.002Z'))),
  big: fc.constantFrom(9007199254740993n, 9007199254740992n, -1n),
  score: fc.option(fc.constantFrom(0.1, -3, 1e308)),
  done: fc.boolean(),
  name: fc.constantFrom('a', '', 'ß'),
});

const orders: fc.Arbitrary<KeyColumn[]> = fc
  .shuffledSubarray(['at', 'big', 'score', 'done', 'name'], { maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((column) =>
        fc.record({
          column: fc.constant(column),
          direction: fc.constantFrom('asc' as const, 'desc' as const),
          nulls:
            column === 'at' || column === 'score'
              ? fc.constantFrom('first' as const, 'last' as const)
              : fc.constant(undefined),
        }),
      ),
    ),
  );

test('pages by `where`, `orderBy` and `take` are the whole list, forward and backward', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 25 }), orders, fc.integer({ min: 1, max: 6 }), (items, orderBy, size) => {
      const rows: Row[] = items.map((item, id) => ({ ...item, id }));
      const pages = prismaPagesBy({ orderBy });
      const expected = findMany(rows, { ...pages.args({ first: 100 }), where: {} });
      for (const forward of [true, false]) {
        const found: Row[] = [];
        let cursor: string | null = null;
        let more = true;
        while (more) {
          const request: PageRequest = forward ? { first: size, after: cursor } : { last: size, before: cursor };
          const page: Page<Row> = pages.page(findMany(rows, pages.args(request)), request);
          if (forward) found.push(...page.rows);
          else found.unshift(...page.rows);
          cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
          more = forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
        }
        expect(found).toEqual(expected);
      }
    }),
  );
});

test('without a cursor there is no condition', () => {
  expect(prismaPagesBy().args({ first: 10 })).toEqual({ where: {}, orderBy: [{ id: 'asc' }], take: 11 });
});

test('with one, the first field bounds the scan', () => {
  const pages = prismaPagesBy({ orderBy: [{ column: 'at', direction: 'desc' }], unique: 'id' });
  const at = new Date(1);
  const after = pages.page([{ at, id: 7n }], { first: 1 }).pageInfo.endCursor;
  expect(pages.args({ first: 1, after }).where).toEqual({
    AND: [{ at: { lte: at } }, { OR: [{ AND: [{ at }, { id: { lt: 7n } }] }, { at: { lt: at } }] }],
  });
});

test('a Decimal comes back as its text, which Prisma takes', () => {
  const pages = prismaPagesBy({ orderBy: [], unique: 'price' });
  const price = { toFixed: () => '1.50', toString: () => '1.5' };
  const after = pages.page([{ price }], { first: 1 }).pageInfo.endCursor;
  expect(pages.args({ after }).where).toEqual({ price: { gt: '1.5' } });
});

test.each([
  ['nothing', {}],
  ['null', { id: null }],
  ['a value of type object', { id: Buffer.from([1]) }],
])('%s in a field that is ordered by is an error', (what, item) => {
  expect(() => prismaPagesBy().page([item], {})).toThrow(
    expect.objectContaining({ code: 'READFLEET_PAGING_FIELD', message: expect.stringContaining(`${what} in "id"`) }),
  );
});

test('a cursor of SQL is none for Prisma, since it says more than a Date holds', () => {
  const after = pagesBy().page([{ [KEY]: '["1"]' }], { first: 1 }).pageInfo.endCursor;
  expect(() => prismaPagesBy().args({ after })).toThrow(expect.objectContaining({ problem: 'ordering' }));
});

test('a forged cursor never leaves a condition out', () => {
  const pages = prismaPagesBy({ secret: false });
  const made = Buffer.from(pages.page([{ id: 1 }], {}).pageInfo.endCursor as string, 'base64url');
  for (const text of ['', 'x1', 'bx', 'b1.5', 'dx', '__proto__']) {
    const after = Buffer.concat([made.subarray(0, 9), Buffer.from(JSON.stringify([text]))]).toString('base64url');
    expect(() => pages.args({ after })).toThrow(expect.objectContaining({ code: 'READFLEET_CURSOR_INVALID' }));
  }
});
