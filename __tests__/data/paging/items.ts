import fc from 'fast-check';
import { Pool } from 'pg';
import type { KeyColumn, Page, PageRequest } from '../../../data/paging';
import { type LocalFleet, startLocalFleet } from '../../../local';

/** A row of `item`, as PostgreSQL takes it. */
export interface ItemRow {
  readonly at: string | null;
  readonly big: string;
  readonly price: string | null;
  readonly done: boolean;
  readonly name: string;
}

/** Few values of each kind, so that there are ties; and such as a Date or a number cannot tell apart. */
export const itemRows: fc.Arbitrary<ItemRow[]> = fc.array(
  fc.record({
    at: fc.option(fc.constantFrom('2024-01-01 00:00:00.001', '2024-01-01 00:00:00.002', '1969-12-31 23:59:59.999')),
    big: fc.constantFrom('9007199254740993', '9007199254740992', '-1'),
    price: fc.option(fc.constantFrom('0.1', '0.1000000001', '-3', '12345678901234567890.5')),
    done: fc.boolean(),
    name: fc.constantFrom('a', '', 'ß', "o'clock", '100%', '$1'),
  }),
  { maxLength: 25 },
);

/** Columns in any order and direction, with NULLs at either end. */
export const orders: fc.Arbitrary<KeyColumn[]> = fc
  .shuffledSubarray(['at', 'big', 'price', 'done', 'name'], { maxLength: 3 })
  .chain((columns) =>
    fc.tuple(
      ...columns.map((column) =>
        fc.record({
          column: fc.constant(column),
          direction: fc.constantFrom('asc' as const, 'desc' as const),
          nulls:
            column === 'at' || column === 'price'
              ? fc.constantFrom('first' as const, 'last' as const)
              : fc.constant(undefined),
        }),
      ),
    ),
  );

/** A server with a table of items, and a pool on it. */
export class Items {
  private constructor(
    private readonly local: LocalFleet,
    readonly pool: Pool,
  ) {}

  static async start(): Promise<Items> {
    const local = await startLocalFleet({ replicas: 0 });
    const { auth, database } = local.contract;
    if (auth.kind !== 'password') throw new Error('a local fleet has a password');
    const { host, port } = local.primary;
    const pool = new Pool({ host, port, database, user: auth.user, password: auth.password });
    await pool.query(
      `create table item (id int primary key, at timestamp(3), big bigint not null, price numeric(30, 10), done boolean not null,
         name text collate "C" not null, exact timestamptz not null default clock_timestamp())`,
    );
    return new Items(local, pool);
  }

  /** These rows and no others, with 0, 1, … for ids. */
  async fill(rows: readonly ItemRow[]): Promise<void> {
    await this.pool.query('truncate item');
    await this.pool.query(
      `insert into item (id, at, big, price, done, name)
       select n - 1, (row->>'at')::timestamp, (row->>'big')::bigint, (row->>'price')::numeric, (row->>'done')::boolean, row->>'name'
       from jsonb_array_elements($1::jsonb) with ordinality as rows (row, n)`,
      [JSON.stringify(rows)],
    );
  }

  /** All ids, by an ORDER BY in PostgreSQL's own words. */
  async ids(orderBy: readonly KeyColumn[], table = 'item'): Promise<number[]> {
    const last = orderBy.at(-1)?.direction ?? 'asc';
    const columns = orderBy.map(
      ({ column, direction = 'asc', nulls }) => `${column} ${direction}${nulls ? ` nulls ${nulls}` : ''}`,
    );
    const { rows } = await this.pool.query<{ id: number }>(
      `select id from ${table} order by ${[...columns, `id ${last}`].join(', ')}`,
    );
    return rows.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.local.stop();
  }
}

/** More rows than any test has: pages go round in a circle. */
const ENDLESS = 400;

/** The ids of all pages of a size, one page after the other, both ways. */
export async function bothWays(
  size: number,
  page: (request: PageRequest) => Promise<Page<{ readonly id: number }>>,
): Promise<{ readonly forward: number[]; readonly backward: number[] }> {
  const forward: number[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { rows, pageInfo } = await page({ first: size, after });
    forward.push(...rows.map(({ id }) => id));
    if (forward.length > ENDLESS) break;
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  const backward: number[] = [];
  for (let before: string | null = null, more = true; more; ) {
    const { rows, pageInfo } = await page({ last: size, before });
    backward.unshift(...rows.map(({ id }) => id));
    if (backward.length > ENDLESS) break;
    before = pageInfo.startCursor;
    more = pageInfo.hasPreviousPage;
  }
  return { forward, backward };
}
