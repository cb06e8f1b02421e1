import fc from 'fast-check';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { readsDuring } from '../../support/counts';
import { eventually } from '../../support/eventually';
import { ANY_AGE, type Item, itemsBy, pagesBy, replicated, walk } from './support';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connect(local.contract, { session: { waitMs: 5_000 } });
  await fleet.write('create table item (id int primary key, rank int, kind text not null)');
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

beforeEach(async () => {
  await fleet.write('delete from item');
  await replicated(local);
});

const pages = pagesBy({
  orderBy: [{ column: 'rank', direction: 'desc', nulls: 'last' }, { column: 'kind' }],
});

const insert = (from: number, to: number) =>
  fleet.write(
    `insert into item select n, nullif(n % 5, 0), n % 3 from generate_series($1::int, $2) n on conflict do nothing`,
    [from, to],
  );

test('rows that come and go between pages neither skip nor repeat one that was there all along', async () => {
  const change = fc.record({ from: fc.integer({ min: 101, max: 200 }), count: fc.nat(40), gone: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 3, max: 20 }),
      fc.constantFrom('forward' as const, 'backward' as const),
      async (changes, size, way) => {
        await fleet.write('delete from item');
        await insert(1, 100);
        await replicated(local);
        let turn = 0;
        const found = await walk(async (cursor) => {
          const page = await itemsBy(
            fleet,
            pages,
            way === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor },
          );
          const { from, count, gone } = changes[turn++ % changes.length] ?? { from: 101, count: 0, gone: false };
          if (turn < 40) {
            await insert(from, from + count);
            if (gone) await fleet.write('delete from item where id > 100 and id % 7 = $1', [turn % 7]);
          }
          return page;
        }, way);
        const seen = found.flat().filter((id) => id <= 100);
        expect([...seen].sort((one, other) => one - other)).toEqual(
          Array.from({ length: 100 }, (_, place) => place + 1),
        );
      },
    ),
    { numRuns: 15 },
  );
});

test('under a writer that never rests too', async () => {
  await insert(1, 300);
  await replicated(local);
  let reading = true;
  let writes = 0;
  const writing = (async () => {
    while (reading) {
      writes += 1;
      await insert(301 + writes, 301 + writes);
      if (writes % 3 === 0) await fleet.write('delete from item where id = $1', [301 + writes]);
    }
  })();
  try {
    const found = await walk((after) => itemsBy(fleet, pages, { first: 7, after }));
    const seen = found.flat();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id <= 300)).toHaveLength(300);
    expect(writes).toBeGreaterThan(0);
  } finally {
    reading = false;
    await writing;
  }
});

test('a cursor whose own row is gone still says where to go on', async () => {
  await insert(1, 20);
  await replicated(local);
  const all = (await walk((after) => itemsBy(fleet, pages, { first: 100, after }))).flat();
  const { pageInfo } = await itemsBy(fleet, pages, { first: 10 });
  await fleet.write('delete from item where id = $1', [all[9]]);
  await replicated(local);
  expect((await itemsBy(fleet, pages, { first: 3, after: pageInfo.endCursor })).rows.map(({ id }) => id)).toEqual(
    all.slice(10, 13),
  );
  expect((await itemsBy(fleet, pages, { last: 3, before: pageInfo.endCursor })).rows.map(({ id }) => id)).toEqual(
    all.slice(6, 9),
  );
});

test('pages are read from replicas', async () => {
  await insert(1, 20);
  await replicated(local);
  const reads = await readsDuring(fleet, () => walk((after) => itemsBy(fleet, pages, { first: 3, after })));
  expect(reads.primary).toBe(0);
  expect((reads.blue ?? 0) + (reads.green ?? 0)).toBe(7);
});

test('within a session, pages never go back in time, however far one replica is behind', async () => {
  await insert(1, 50);
  await replicated(local);
  await local.replica('blue').pauseReplay();
  try {
    await insert(51, 60);
    await eventually(async () => (await local.replica('green').query('select from item where id = 60')).length === 1);
    for (let turn = 0; turn < 10; turn += 1) {
      await fleet.session(async () => {
        let newest = false;
        const found = await walk(async (after) => {
          const page = await pages.query<Item & { newest: boolean }>(fleet, {
            text: ({ key, where, orderBy, limit }) =>
              `select id, exists (select from item where id = 60) as newest, ${key} from item where ${where} ${orderBy} ${limit}`,
            first: 4,
            after,
            read: ANY_AGE,
          });
          for (const row of page.rows) {
            // What one page showed is there for the next.
            expect(row.newest || !newest).toBe(true);
            newest = row.newest;
          }
          return page;
        });
        expect(found.flat().filter((id) => id <= 50)).toHaveLength(50);
      });
    }
  } finally {
    await local.replica('blue').resumeReplay();
  }
});

test('within a session, the first page shows what the session has just written', async () => {
  await Promise.all(local.replicas.map((replica) => replica.pauseReplay()));
  try {
    await fleet.session(async () => {
      await insert(1, 1);
      expect((await itemsBy(fleet, pages, { first: 5 })).rows).toEqual([{ id: 1 }]);
    });
  } finally {
    await Promise.all(local.replicas.map((replica) => replica.resumeReplay()));
  }
});
