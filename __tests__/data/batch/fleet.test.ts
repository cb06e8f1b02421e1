import fc from 'fast-check';
import { Pool, types } from 'pg';
import { type BatchRows, batch } from '../../../data/batch';
import { channels, connect, type Decision, type Fleet, type Outcome } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { replicated } from '../paging/support';

const ANY_AGE = { maxStalenessMs: Number.POSITIVE_INFINITY };
const NOTES = { from: 'chat.Note', by: 'author', type: 'bigint' } satisfies BatchRows;
const NEWEST = [
  { column: 'made_at', direction: 'desc' },
  { column: 'id', direction: 'desc' },
] as const;

interface Note {
  readonly id: number;
  readonly size: number | null;
}

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract, { maxStalenessMs: Number.POSITIVE_INFINITY, session: { waitMs: 5_000 } });
  await fleet.write('create schema chat');
  await fleet.write(
    `create table chat."Note" (id int primary key, author bigint, made_at timestamptz not null, size int, "Big" numeric(30, 2), key text, place int)`,
  );
  // Authors 0 to 19 with none, one or many; many equal times; sizes that are NULL.
  await fleet.write(
    `insert into chat."Note"
     select n, n * n % 20, timestamptz '2024-01-01' + n % 7 * interval '1 hour', nullif(n % 5, 0), n * 10000000000000000.01, 'k', n
     from generate_series(1, 300) n`,
  );
  await fleet.write('create index on chat."Note" (author, made_at desc, id desc)');
  await fleet.write('create table author (id uuid primary key, name text)');
  await fleet.write(
    `insert into author values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Ann'), (gen_random_uuid(), 'Bob')`,
  );
  await local.primary.query('vacuum analyze');
  await replicated(local);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** Which reads were sent, and with what end, while `work` ran. */
async function heard<T>(work: () => Promise<T>): Promise<{ value: T; sent: string[]; ends: string[] }> {
  const sent: string[] = [];
  const ends: string[] = [];
  const decided = (message: unknown) => {
    const { kind, member, reason, endpoint } = message as Decision;
    sent.push(`${kind} ${member} ${reason}${endpoint ? ` for ${endpoint}` : ''}`);
  };
  const ended = (message: unknown) => void ends.push((message as Outcome).kind);
  channels.decision.subscribe(decided);
  channels.outcome.subscribe(ended);
  try {
    return { value: await work(), sent, ends };
  } finally {
    channels.decision.unsubscribe(decided);
    channels.outcome.unsubscribe(ended);
  }
}

/** One statement for each key, as it is without batches. */
function one<Row>(sql: string, key: string): Promise<Row[]> {
  return local.primary.query(sql, [key]) as Promise<Row[]>;
}

const keys = fc.array(fc.integer({ min: -3, max: 25 }).map(String), { minLength: 1, maxLength: 30 });

/** Whatever keys there are, in whatever order and how often, a batch says what single statements say. */
async function same<Value>(
  load: (keys: string[]) => Promise<Value[]>,
  single: (key: string) => Promise<Value>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(keys, async (some) => {
      expect(await load(some)).toEqual(await Promise.all(some.map(single)));
    }),
    { numRuns: 8 },
  );
}

const made = () => batch(fleet);

describe('a batch says what one statement for each key would say', () => {
  test('counts', () =>
    same(
      (some) => made().counts(NOTES).loadMany(some),
      async (key) =>
        Number((await one<{ n: string }>('select count(*) n from chat."Note" where author = $1', key))[0]?.n),
    ));

  test('counts of some rows, with values of their own', () =>
    same(
      (some) =>
        made()
          .counts({ ...NOTES, where: 'size > $1 or key = $2 and place < $1', values: [3, 'k'] })
          .loadMany(some),
      async (key) => {
        const sql = `select count(*) n from chat."Note" where author = $1 and (size > 3 or key = 'k' and place < 3)`;
        return Number((await one<{ n: string }>(sql, key))[0]?.n);
      },
    ));

  test('sums, of a column with NULLs', () =>
    same(
      (some) =>
        made()
          .sums({ ...NOTES, of: 'size' })
          .loadMany(some),
      async (key) =>
        Number((await one<{ n: string }>('select sum(size) n from chat."Note" where author = $1', key))[0]?.n ?? 0),
    ));

  test('the latest of each', () =>
    same(
      (some) =>
        made()
          .latest<Note>({ ...NOTES, select: ['id', 'size'], orderBy: NEWEST })
          .loadMany(some),
      async (key) =>
        (
          await one<Note>(
            'select id, size from chat."Note" where author = $1 order by made_at desc, id desc limit 1',
            key,
          )
        )[0],
    ));

  test('many of each, in their order, as many as wanted', () =>
    same(
      (some) =>
        made()
          .many<Note>({
            ...NOTES,
            select: ['id', 'size'],
            orderBy: NEWEST,
            where: 'size is null or size = 4',
            limit: 3,
          })
          .loadMany(some),
      (key) =>
        one<Note>(
          'select id, size from chat."Note" where author = $1 and (size is null or size = 4) order by made_at desc, id desc limit 3',
          key,
        ),
    ));

  test('all of each, in another order, with every column', () =>
    same(
      (some) =>
        made()
          .many({ ...NOTES, orderBy: [{ column: 'size', nulls: 'first' }, { column: 'id' }] })
          .loadMany(some),
      (key) => one('select * from chat."Note" where author = $1 order by size nulls first, id', key),
    ));

  test('rows by their key', () =>
    same(
      (some) => made().rowsBy({ from: 'chat.Note', by: 'id', type: 'int' }).loadMany(some),
      async (key) => (await one<object>('select * from chat."Note" where id = $1', key))[0],
    ));
});

test('keys without rows have 0, nothing or an empty list', async () => {
  const none = 999;
  expect(await made().counts(NOTES).load(none)).toBe(0);
  expect(
    await made()
      .sums({ ...NOTES, of: 'size' })
      .load(none),
  ).toBe(0);
  expect(
    await made()
      .sums({ ...NOTES, of: 'size', as: 'bigint' })
      .load(none),
  ).toBe(0n);
  expect(
    await made()
      .sums({ ...NOTES, of: 'size', as: 'text' })
      .load(none),
  ).toBe('0');
  expect(
    await made()
      .latest({ ...NOTES, orderBy: NEWEST })
      .load(none),
  ).toBeUndefined();
  expect(
    await made()
      .rowsBy({ ...NOTES, by: 'id' })
      .load(none),
  ).toBeUndefined();
  expect(
    await made()
      .many({ ...NOTES, orderBy: NEWEST })
      .load(none),
  ).toEqual([]);
});

test('a uuid is found however it is written', async () => {
  const names = made().rowsBy<{ id: string; name: string }, string>({ from: 'author', by: 'id', type: 'uuid' });
  const id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
  expect(await names.loadMany([id.toUpperCase(), id.replaceAll('-', ''), id])).toEqual(
    Array.from({ length: 3 }, () => ({ id, name: 'Ann' })),
  );
});

test('a sum that no number can hold fails alone, and is exact as text', async () => {
  const big = { ...NOTES, by: 'id', of: 'Big' };
  const sums = made().sums(big);
  const ends = await Promise.allSettled([sums.load(1), sums.load(999)]);
  expect(ends[0]).toMatchObject({
    reason: { code: 'READFLEET_BATCH_INEXACT', message: expect.stringContaining('10000000000000000.01') },
  });
  expect(ends[1]).toEqual({ status: 'fulfilled', value: 0 });
  expect(
    await made()
      .sums({ ...big, as: 'text' })
      .load(1),
  ).toBe('10000000000000000.01');
  await expect(
    made()
      .sums({ ...big, as: 'bigint' })
      .load(1),
  ).rejects.toMatchObject({ code: 'READFLEET_BATCH_INEXACT' });
});

test('rowsBy() by a column that is not unique says so, for the keys that are not', async () => {
  const ends = await Promise.allSettled([0, 999].map((key) => made().rowsBy(NOTES).load(key)));
  expect(ends[0]).toMatchObject({ reason: { code: 'READFLEET_BATCH_NOT_UNIQUE' } });
  expect(ends[1]).toEqual({ status: 'fulfilled', value: undefined });
});

test('a hundred loads are one statement on a replica, with the options of the batch', async () => {
  const counts = batch(fleet, { read: { ...ANY_AGE, endpoint: 'conversation.list' } }).counts(NOTES);
  const { value, sent, ends } = await heard(() =>
    Promise.all(Array.from({ length: 100 }, (_, key) => counts.load(key))),
  );
  expect(value.reduce((sum, count) => sum + count)).toBe(300);
  expect(sent).toEqual(['read blue replica for conversation.list']);
  expect(ends).toEqual(['read']);
});

test('each kind of batch is proven to be a read', async () => {
  const { sent } = await heard(async () => {
    await made()
      .sums({ ...NOTES, of: 'size' })
      .load(1);
    await made()
      .latest({ ...NOTES, orderBy: NEWEST })
      .load(1);
    await made()
      .many({ ...NOTES, orderBy: NEWEST })
      .load(1);
    await made()
      .rowsBy({ ...NOTES, by: 'id' })
      .load(1);
  });
  expect(sent).toEqual(Array.from({ length: 4 }, () => 'read blue replica'));
});

test('what PostgreSQL says against a statement is told to each load', async () => {
  const counts = made().counts({ ...NOTES, where: 'no_such_column is null' });
  const ends = await Promise.allSettled([counts.load(1), counts.load(2)]);
  for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: '42703' } });
});

test('the latest of each reads one row of the index for each', async () => {
  const seen: { text: string; values: unknown[] }[] = [];
  const spy = {
    query: async (text: string, values: unknown[]) => {
      seen.push({ text, values });
      return { rows: [] };
    },
  };
  await batch(spy)
    .latest({ ...NOTES, orderBy: NEWEST })
    .loadMany([1, 4, 5, 9]);
  const [statement] = seen;
  const plan = (
    await local.primary.query(`explain (analyze, timing off, buffers off) ${statement?.text}`, statement?.values)
  )
    .map((line) => line['QUERY PLAN'])
    .join('\n');
  expect(plan).toMatch(/Index Scan using "?Note_author_made_at_id_idx"?.*rows=1\.00 loops=4/);
});

test('a pool and the inside of a transaction are asked too', async () => {
  const { auth, database, writer } = local.contract;
  if (auth.kind !== 'password') throw new Error('a local fleet has a password');
  const pool = new Pool({ host: writer.host, port: writer.port, user: auth.user, password: auth.password, database });
  try {
    expect(await batch(pool).counts(NOTES).load(1)).toBe(60);
  } finally {
    await pool.end();
  }
  let seen: number | undefined;
  const undone = fleet.transaction(async (transaction) => {
    await transaction.query(`insert into chat."Note" (id, author, made_at) values (1000, 500, now())`);
    seen = await batch(transaction).counts(NOTES).load(500);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(seen).toBe(1);
});

test('an app may have int8 parsed as it likes', async () => {
  const usual = types.getTypeParser(types.builtins.INT8);
  types.setTypeParser(types.builtins.INT8, BigInt);
  try {
    expect(await made().counts(NOTES).loadMany([1, 999])).toEqual([60, 0]);
    expect(
      await made()
        .latest<Note>({ ...NOTES, select: ['id'], orderBy: NEWEST })
        .load(1),
    ).toEqual({
      id: expect.any(Number),
    });
  } finally {
    types.setTypeParser(types.builtins.INT8, usual);
  }
});

test('a pool of the fleet is refused: it would join the loads of two sessions', () => {
  expect(() => batch(fleet.readPool)).toThrow(expect.objectContaining({ code: 'READFLEET_NOT_A_FLEET' }));
});

test('options of a read need a fleet', async () => {
  const spy = { query: async () => ({ rows: [] }) };
  const counts = batch(spy as never, { read: ANY_AGE }).counts(NOTES);
  await expect(counts.load(1)).rejects.toMatchObject({ code: 'READFLEET_NOT_A_FLEET' });
});
