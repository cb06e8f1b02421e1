/** Versions of rows, and rows that a trigger keeps, on a real primary. */
import { Repository, StaleVersionError } from '../../../data/repository';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { Orders, TABLES } from './shop';

let local: LocalFleet;
let fleet: Fleet;
let orders: Orders;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: 0 });
  fleet = await connect(local.contract);
  await fleet.write(TABLES);
  orders = new Orders(fleet);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('of several who change a row of one version', () => {
  test('one does, and the others are told what it is now', async () => {
    const { id, version } = await orders.insert({ customer: 'race' });
    const tries = Array.from({ length: 20 }, (_, total) => orders.update(id, { total: total + 1 }, { version }));
    const ended = await Promise.allSettled(tries);
    const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const lost = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(19);
    for (const error of lost) {
      expect(error).toBeInstanceOf(StaleVersionError);
      expect(error).toMatchObject({ expected: 1, current: { version: 2, total: won[0]?.total } });
    }
  });

  test('nobody is lost who tries again with what it is now', async () => {
    const { id } = await orders.insert({ customer: 'counter' });
    const add = async (): Promise<unknown> => {
      let row = await orders.findByIdCritical(id);
      for (;;) {
        if (!row) throw new Error('the row is gone');
        const { total, version } = row;
        const error = await refusal(orders.update(id, { total: total + 1 }, { version }));
        if (!(error instanceof StaleVersionError)) return error;
        row = error.current as typeof row;
      }
    };
    expect(await Promise.all(Array.from({ length: 10 }, add))).toEqual(Array(10).fill(undefined));
    expect(await orders.findByIdCritical(id)).toMatchObject({ total: 10, version: 11 });
  });

  test('a delete is of the version it was asked for', async () => {
    const { id, version } = await orders.insert({ customer: 'delete' });
    await orders.update(id, { total: 5 });
    expect(await refusal(orders.delete(id, { version }))).toMatchObject({
      code: 'READFLEET_STALE_VERSION',
      current: { total: 5 },
    });
    expect(await orders.delete(id, { version: version + 1 })).toMatchObject({ total: 5 });
  });

  test('in a transaction the check is of what the transaction sees', async () => {
    const { id } = await orders.insert({ customer: 'inside' });
    const error = await refusal(
      fleet.transaction(async (transaction) => {
        const bound = orders.in(transaction);
        await bound.update(id, { total: 5 });
        await bound.update(id, { total: 6 }, { version: 1 });
      }),
    );
    expect(error).toMatchObject({ code: 'READFLEET_STALE_VERSION', current: { total: 5, version: 2 } });
    expect(await orders.findByIdCritical(id)).toMatchObject({ total: 0, version: 1 });
  });
});

test('rows that a trigger keeps as they are were not changed, and are not stale', async () => {
  await fleet.write(`
    create table shop.closed (id int primary key, note text, version int not null default 1);
    insert into shop.closed values (1);
    create function shop.keep() returns trigger language plpgsql as 'begin return null; end';
    create trigger keep before insert or update or delete on shop.closed for each row execute function shop.keep()`);
  const closed = new Repository<{ id: number; note: string | null; version: number }, 'id', 'version'>(fleet, {
    table: 'shop.closed',
    id: 'id',
    columns: { id: 'value', note: 'value', version: 'value' },
    version: 'version',
  });
  expect(await refusal(closed.insert({ id: 2 }))).toMatchObject({ code: 'READFLEET_NOT_INSERTED' });
  expect(await closed.insertMany([{ id: 2 }])).toEqual([]);
  expect(await closed.update(1, { note: 'x' }, { version: 1 })).toBeUndefined();
  expect(await closed.delete(1, { version: 1 })).toBeUndefined();
  expect(await closed.findAll()).toEqual([{ id: 1, note: null, version: 1 }]);
});
