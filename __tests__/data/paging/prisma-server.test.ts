import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import fc from 'fast-check';
import { type Keyset, keyset, type PageRequest, type PrismaKeyset } from '../../../data/paging';
import { generateClient } from '../../adapters/matrix/subjects/prisma/generate';
import { bothWays, Items, itemRows, orders } from './items';
import { prismaPagesBy, SECRET } from './support';

interface Row {
  readonly id: number;
}

/** What is asked here of a generated client. */
interface Generated {
  readonly PrismaClient: new (
    options: object,
  ) => {
    readonly item: { findMany(args: object): Promise<Row[]> };
    $queryRaw<Rows>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Rows>;
    $disconnect(): Promise<void>;
  };
  readonly Prisma: { sql(strings: TemplateStringsArray, ...values: unknown[]): { readonly sql: string } };
}

let items: Items;
let Prisma: Generated['Prisma'];
let prisma: InstanceType<Generated['PrismaClient']>;

beforeAll(async () => {
  const { file } = generateClient('item', path.join(__dirname, 'prisma', 'schema.prisma'), 'highest');
  items = await Items.start();
  const generated = require(file) as Generated;
  ({ Prisma } = generated);
  prisma = new generated.PrismaClient({ adapter: new PrismaPg(items.pool) });
});

afterAll(async () => {
  await prisma?.$disconnect();
  await items?.stop();
});

/** As docs/paging.md has it, both. */
async function found(newest: PrismaKeyset, request: PageRequest, mine: object = {}) {
  const { where, ...rest } = newest.args(request);
  return newest.page(await prisma.item.findMany({ where: { AND: [mine, where] }, ...rest }), request);
}

async function raw(newest: Keyset, request: PageRequest) {
  const { key, where, orderBy, limit } = newest.parts(Prisma.sql, request);
  const rows = await prisma.$queryRaw<Row[]>`
    select id, name, ${key} as readfleet_key from item where true and ${where} order by ${orderBy} limit ${limit}`;
  return newest.page(rows, request);
}

const TYPES: Readonly<Record<string, string>> = {
  at: 'timestamp(3)',
  big: 'bigint',
  price: 'numeric(30, 10)',
  done: 'boolean',
  name: 'text',
};

test('pages by `findMany` are the whole list, forward and backward, with ties, NULLs and mixed directions', async () => {
  await fc.assert(
    fc.asyncProperty(itemRows, orders, fc.integer({ min: 1, max: 6 }), async (rows, orderBy, size) => {
      await items.fill(rows);
      const pages = prismaPagesBy({ orderBy });
      const expected = await items.ids(orderBy);
      expect(await bothWays(size, (request) => found(pages, request))).toEqual({
        forward: expected,
        backward: expected,
      });
    }),
    { numRuns: 40 },
  );
});

test('so are pages by `$queryRaw`, with the types of columns', async () => {
  await fc.assert(
    fc.asyncProperty(itemRows, orders, fc.integer({ min: 1, max: 6 }), async (rows, orderBy, size) => {
      await items.fill(rows);
      const typed = orderBy.map((key) => ({ ...key, type: TYPES[key.column] }));
      const pages = keyset({
        orderBy: [...typed, { column: 'id', type: 'int', direction: orderBy.at(-1)?.direction }],
        unique: 'id',
        secret: SECRET,
      });
      const expected = await items.ids(orderBy);
      expect(await bothWays(size, (request) => raw(pages, request))).toEqual({ forward: expected, backward: expected });
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

  test('conditions of one`s own hold on every page', async () => {
    const orderBy = [{ column: 'name', direction: 'desc' as const }];
    const ids = await bothWays(4, (request) => found(prismaPagesBy({ orderBy }), request, { done: true }));
    expect(ids.forward).toEqual((await items.ids(orderBy)).filter((id) => id % 3 === 0));
  });

  test('a cursor of the same keyset in plain SQL is one for `$queryRaw`, and the other way round', async () => {
    const orderBy = [{ column: 'name' }, { column: 'id' }];
    const plain = keyset({ orderBy, unique: 'id', secret: SECRET });
    const typed = keyset({
      orderBy: [
        { column: 'name', type: 'text' },
        { column: 'id', type: 'int' },
      ],
      unique: 'id',
      secret: SECRET,
    });
    const first = await plain.query<Row & Record<string, unknown>>(items.pool, {
      text: ({ key, where, orderBy, limit }) => `select id, ${key} from item where ${where} ${orderBy} ${limit}`,
      first: 10,
    });
    const second = await raw(typed, { first: 10, after: first.pageInfo.endCursor });
    const third = await raw(typed, { first: 10, after: second.pageInfo.endCursor });
    const back = await raw(typed, { last: 10, before: second.pageInfo.startCursor });
    const expected = await items.ids([{ column: 'name' }]);
    expect([first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(expected.slice(0, 30));
    expect(back.rows.map(({ id }) => id)).toEqual(expected.slice(0, 10));
  });
});
