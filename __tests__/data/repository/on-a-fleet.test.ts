import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as parser from 'libpg-query';
import { Repository } from '../../../data/repository';
import { connect, type Decision, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { memberOf } from '../../support/counts';
import { eventually } from '../../support/eventually';
import { Lines, Orders, Shop, TABLES } from './shop';

let local: LocalFleet;
let fleet: Fleet;
let shop: Shop;
let orders: Orders;
let lines: Lines;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connect(local.contract, { maxStalenessMs: 60_000, balancer: 'round-robin' });
  await fleet.write(TABLES);
  await replicated();
  shop = new Shop(fleet);
  orders = new Orders(fleet);
  lines = new Lines(fleet);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** Resolves when both replicas show what the primary has written so far. */
async function replicated(): Promise<void> {
  const [written] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  for (const replica of local.replicas)
    await eventually(async () => {
      const [row] = await replica.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
        written?.lsn,
      ]);
      return row?.there === true;
    });
}

/** Where everything went while `work` ran. */
async function decisions(work: () => Promise<unknown>): Promise<Decision[]> {
  const told: Decision[] = [];
  const listener = (message: unknown) => told.push(message as Decision);
  subscribe('readfleet:decision', listener);
  try {
    await work();
  } finally {
    unsubscribe('readfleet:decision', listener);
  }
  return told;
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('each verb', () => {
  const reads: [string, () => Promise<unknown>][] = [
    ['findById', () => orders.findById('1')],
    ['findMany', () => orders.findMany({ customer: ['ada', 'bob'], total: 1, details: null }, { limit: 5 })],
    ['findAll', () => orders.findAll({ orderBy: [{ column: 'placed_at', direction: 'desc' }] })],
    ['a statement of a subclass that reads', () => orders.totalOf('ada')],
  ];
  test.each(reads)('%s is a read on a replica, under its endpoint', async (_, read) => {
    expect(await decisions(read)).toMatchObject([{ kind: 'read', target: 'replica', reason: 'replica' }]);
  });

  test('findById is of the endpoint of its repository', async () => {
    expect(await decisions(() => orders.findById('1'))).toMatchObject([{ endpoint: 'orders' }]);
    expect(await decisions(() => orders.findById('1', { endpoint: 'checkout' }))).toMatchObject([
      { endpoint: 'checkout' },
    ]);
  });

  test('findByIdCritical is a read on the primary', async () => {
    expect(await decisions(() => orders.findByIdCritical('1'))).toMatchObject([
      { kind: 'read', target: 'primary', reason: 'strong', endpoint: 'orders' },
    ]);
  });

  const writes: [string, () => Promise<unknown>][] = [
    ['insert', () => orders.insert({ customer: 'ada' })],
    ['insertMany', () => orders.insertMany([{ customer: 'ada' }, { customer: 'bob', total: 5 }])],
    ['update', () => orders.update('0', { total: 1 })],
    ['delete', () => orders.delete('0')],
  ];
  test.each(writes)('%s is one write on the primary', async (_, write) => {
    expect(await decisions(write)).toMatchObject([{ kind: 'write', target: 'primary' }]);
  });
});

describe('rows', () => {
  test('come back as they were written, of every kind', async () => {
    const placed_at = new Date('2026-02-03T04:05:06.789Z');
    const row = {
      customer: 'ada',
      total: 7,
      tags: ['a', 'b "c"', ''],
      details: [1, { gift: true }, null, 'x'],
      placed_at,
    };
    const order = await orders.insert(row);
    expect(order).toEqual({ ...row, id: expect.stringMatching(/^\d+$/), version: 1 });
    expect(await orders.findByIdCritical(order.id)).toEqual(order);
    const line = { order_id: order.id, place: 1, article: 'pen', photo: Buffer.from([0, 255, 39]) };
    expect(await lines.insert(line)).toEqual(line);
    expect(await lines.findById(line, { consistency: 'strong' })).toEqual(line);
  });

  test('get defaults for what is left out, and NULL for null', async () => {
    const [first, second] = await orders.insertMany([
      { customer: 'defaults', details: null },
      { customer: 'none', total: 5, details: { a: 1 } },
    ]);
    expect(first).toMatchObject({ customer: 'defaults', total: 0, tags: [], details: null, version: 1 });
    expect(second).toMatchObject({ customer: 'none', total: 5, details: { a: 1 } });
    expect(first?.placed_at).toBeInstanceOf(Date);
  });

  test('are changed in what is given alone', async () => {
    const { id } = await orders.insert({ customer: 'eve', total: 5, tags: ['x'], details: ['y'] });
    expect(await orders.update(id, { total: 6, tags: undefined, details: null })).toMatchObject({
      total: 6,
      tags: ['x'],
      details: null,
      version: 2,
    });
    expect(await orders.update(id, {})).toMatchObject({ total: 6, version: 2 });
    expect(await orders.delete(id)).toMatchObject({ id, total: 6 });
    expect(await orders.delete(id)).toBeUndefined();
    expect(await orders.update(id, { total: 7 })).toBeUndefined();
    expect(await orders.findByIdCritical(id)).toBeUndefined();
  });

  test('are found by values, lists and NULL, in the order and the number that is asked for', async () => {
    await orders.insertMany(
      [1, 2, 3, 4].map((total) => ({ customer: 'grace', total, ...(total > 2 && { details: {} }) })),
    );
    const totals = async (...args: Parameters<Orders['findMany']>) => {
      const [where, options] = args;
      const found = await orders.findMany({ customer: 'grace', ...where }, { consistency: 'strong', ...options });
      return found.map(({ total }) => total);
    };
    expect(await totals({})).toEqual([1, 2, 3, 4]);
    expect(await totals({ total: [4, 2, 9] })).toEqual([2, 4]);
    expect(await totals({ total: [] })).toEqual([]);
    expect(await totals({ details: null })).toEqual([1, 2]);
    expect(await totals({ total: 3, details: null })).toEqual([]);
    expect(await totals({}, { orderBy: [{ column: 'total', direction: 'desc' }], limit: 3 })).toEqual([4, 3, 2]);
    expect(await orders.findAll({ limit: 1, consistency: 'strong' })).toHaveLength(1);
  });

  test('of one insert are all there or none', async () => {
    const before = await shop.count();
    expect(await refusal(orders.insertMany([{ customer: 'ivy' }, { customer: '' }]))).toMatchObject({ code: '23514' });
    expect(await shop.count()).toBe(before);
    const many = await orders.insertMany(Array.from({ length: 5_000 }, (_, total) => ({ customer: 'many', total })));
    expect(many.map(({ total }) => total)).toEqual(Array.from({ length: 5_000 }, (_, total) => total));
    expect(await shop.count()).toBe(before + 5_000);
  });
});

describe('a service', () => {
  test('does what belongs together in one transaction', async () => {
    const order = await shop.order('cleo', ['pen', 'ink']);
    expect(order).toMatchObject({ customer: 'cleo', total: 2, version: 2 });
    const found = await lines.findMany({ order_id: order.id }, { consistency: 'strong' });
    expect(found.map(({ article }) => article)).toEqual(['pen', 'ink']);
  });

  test('does nothing of it when a part fails', async () => {
    const before = await shop.count();
    expect(await refusal(shop.order('lost', ['pen', '']))).toMatchObject({ code: '23514' });
    expect(await shop.count()).toBe(before);
  });

  test('reads in a transaction on a replica, which has nothing of the latest to say', async () => {
    await shop.order('dora', ['pen']);
    await replicated();
    const report = await shop.report('dora');
    expect(report).toMatchObject({ orders: [{ customer: 'dora' }], total: 1 });
    expect(['blue', 'green']).toContain(report.member);
    const critical = fleet.transaction((transaction) => orders.in(transaction).findByIdCritical('1'), {
      readOnly: true,
    });
    expect(await refusal(critical)).toMatchObject({ code: 'READFLEET_REPOSITORY_ARGUMENT' });
    const strong = { readOnly: true, consistency: 'strong' } as const;
    await fleet.transaction((transaction) => orders.in(transaction).findByIdCritical('1'), strong);
  });
});

test('what a repository writes through another in its field is undone with the rest', async () => {
  class WithLines extends Orders {
    readonly lines = new Lines(fleet);
  }
  let id = '';
  const undone = fleet.transaction(async (transaction) => {
    const bound = new WithLines(fleet).in(transaction);
    ({ id } = await bound.insert({ customer: 'undone' }));
    // Outside of it the order would not be there to refer to.
    await bound.lines.insert({ order_id: id, place: 1, article: 'pen' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await lines.findMany({ order_id: id }, { consistency: 'strong' })).toEqual([]);
  expect(await orders.findByIdCritical(id)).toBeUndefined();
});

test('a thousand reads of rows are analysed once', async () => {
  const parse = jest.spyOn(parser, 'parseSync');
  try {
    await fleet.write('create table shop.fresh (id int primary key)');
    const fresh = new Repository<{ id: number }>(fleet, { table: 'shop.fresh', id: 'id', columns: { id: 'value' } });
    const analysed = () => parse.mock.calls.filter(([sql]) => sql.includes('"fresh"')).length;
    const ids = Array.from({ length: 1_000 }, (_, id) => id);
    for (const id of ids) await fresh.findById(id, { consistency: 'strong' });
    // Once more each time that the catalogue, with the new table in it, is read.
    expect(analysed()).toBeGreaterThanOrEqual(1);
    expect(analysed()).toBeLessThanOrEqual(10);
  } finally {
    parse.mockRestore();
  }
});

describe('while replicas stand still', () => {
  beforeAll(async () => {
    await replicated();
    await Promise.all(local.replicas.map((replica) => replica.pauseReplay()));
  });

  afterAll(async () => {
    await Promise.all(local.replicas.map((replica) => replica.resumeReplay()));
  });

  test('a session sees its own write, and others may not', async () => {
    const anyAge = Number.POSITIVE_INFINITY;
    const seen = await shop.orderAndShow('frida', anyAge);
    expect(seen).toMatchObject({ customer: 'frida' });
    expect(await orders.findById(seen?.id ?? '', { maxStalenessMs: anyAge })).toBeUndefined();
    expect(await orders.findByIdCritical(seen?.id ?? '')).toMatchObject({ customer: 'frida' });
  });
});

test('a replica that is killed costs no read, and neither does the last one', async () => {
  await replicated();
  const { id } = await orders.insert({ customer: 'kim' });
  await replicated();
  const answered = async (name: string) => {
    const killed = local.replica(name).kill();
    let reads = 0;
    while (memberOf(fleet, name).state.kind === 'serving' || reads < 50) {
      expect(await orders.findById(id, { maxStalenessMs: Number.POSITIVE_INFINITY })).toMatchObject({
        customer: 'kim',
      });
      reads += 1;
    }
    await killed;
  };
  await answered('blue');
  await answered('green');
  expect(await decisions(() => orders.findById(id))).toMatchObject([{ target: 'primary', reason: 'fallback' }]);
});
