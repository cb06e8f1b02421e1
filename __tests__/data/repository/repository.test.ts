/** What a repository asks of a fleet, and with what. */
import { Repository, type RepositoryFleet, StaleVersionError } from '../../../data/repository';
import { ReadfleetError, type ReadOptions, type Transaction } from '../../../lib';

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly version: number;
}

const ORDER: Order = { id: '7', customer: 'ada', version: 3 };
const COLUMNS = { id: 'value', customer: 'value', version: 'value' } as const;

interface Asked {
  readonly by: 'query' | 'write' | 'transaction';
  readonly text: string;
  readonly values: unknown[];
  readonly read?: ReadOptions | undefined;
}

let asked: Asked[];
/** What is answered, the next first. */
let answers: object[][];

beforeEach(() => {
  asked = [];
  answers = [];
});

const answer = async (question: Asked) => {
  asked.push(question);
  return { rows: answers.shift() ?? [ORDER] } as never;
};
const members = [
  { name: 'primary', role: 'primary' },
  { name: 'blue', role: 'replica' },
];
const fleet = {
  query: (text, values = [], read) => answer({ by: 'query', text: text as string, values, read }),
  write: (text, values = []) => answer({ by: 'write', text: text as string, values }),
  status: () => ({ members }) as never,
} as RepositoryFleet;
const on = (member: string): Transaction => ({
  member,
  query: (text, values = []) => answer({ by: 'transaction', text: text as string, values }),
});

class Orders extends Repository<Order, 'id', 'id' | 'version'> {
  ofAda(read?: ReadOptions): Promise<Order[]> {
    return this.rows(`select ${this.sql.columns} from ${this.sql.table} where customer = $1`, ['ada'], read);
  }
}

const definition = { table: 'shop.orders', id: 'id', columns: COLUMNS, version: 'version' } as const;
const orders = new Orders(fleet, definition);
const named = new Orders(fleet, { ...definition, endpoint: 'orders' });

const byId = { text: expect.stringContaining('where "id" = $1'), values: ['7'] };

describe('reads', () => {
  const read = { maxStalenessMs: 5, priority: 'high' } as const;
  const reads: [string, (read?: ReadOptions) => Promise<unknown>][] = [
    ['findById', (options) => orders.findById('7', options)],
    ['findMany', (options) => orders.findMany({ id: '7' }, options)],
    ['findAll', (options) => orders.findAll(options)],
    ['a statement of its own', (options) => orders.ofAda(options)],
  ];

  test.each(reads)('%s is routed, as it asks for', async (_, find) => {
    await find(read);
    expect(asked).toMatchObject([{ by: 'query', read }]);
  });

  test.each(reads)('%s asks for nothing unless told', async (_, find) => {
    await find();
    expect(asked).toMatchObject([{ by: 'query', read: { endpoint: undefined } }]);
  });

  test('order and limit are no options for the fleet', async () => {
    await orders.findAll({ orderBy: [{ column: 'customer' }], limit: 5, hedge: true });
    expect(asked[0]?.read).toEqual({ hedge: true });
    expect(asked[0]).toMatchObject({ text: expect.stringContaining('order by "customer" asc limit $1'), values: [5] });
  });

  test('are of the endpoint of the repository, unless they name one', async () => {
    await named.findById('7');
    await named.findById('7', { endpoint: 'checkout' });
    expect(asked.map(({ read: options }) => options)).toEqual([{ endpoint: 'orders' }, { endpoint: 'checkout' }]);
  });

  test('of the latest are strong, whoever says otherwise', async () => {
    await named.findByIdCritical('7', { timeoutMs: 5, consistency: 'eventual' } as never);
    expect(asked).toEqual([
      { by: 'query', ...byId, read: { endpoint: 'orders', timeoutMs: 5, consistency: 'strong' } },
    ]);
  });

  test('give the row, or undefined', async () => {
    expect(await orders.findById('7')).toBe(ORDER);
    answers = [[], []];
    expect(await orders.findById('7')).toBeUndefined();
    expect(await orders.findByIdCritical('7')).toBeUndefined();
  });

  test('a thousand of them are one text', async () => {
    for (let id = 0; id < 1_000; id += 1) await orders.findById(`${id}`);
    expect(new Set(asked.map(({ text }) => text)).size).toBe(1);
    expect(new Set(asked.map(({ values }) => values[0])).size).toBe(1_000);
  });
});

describe('writes', () => {
  test('are writes, and give the row', async () => {
    expect(await orders.insert({ customer: 'ada' })).toBe(ORDER);
    expect(await orders.insertMany([{ customer: 'ada' }])).toEqual([ORDER]);
    expect(await orders.update('7', { customer: 'bob' })).toBe(ORDER);
    expect(await orders.delete('7')).toBe(ORDER);
    expect(asked.map(({ by }) => by)).toEqual(['write', 'write', 'write', 'write']);
  });

  test('of no rows are none', async () => {
    expect(await orders.insertMany([])).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('an insert that gave no row is an error', async () => {
    answers = [[]];
    await expect(orders.insert({ customer: 'ada' })).rejects.toMatchObject({ code: 'READFLEET_NOT_INSERTED' });
  });

  test('of a row that is not there give undefined, and ask no more', async () => {
    answers = [[], []];
    expect(await orders.update('7', { customer: 'bob' })).toBeUndefined();
    expect(await orders.delete('7')).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  test('an update of nothing is what the primary has', async () => {
    expect(await orders.update('7', { customer: undefined })).toBe(ORDER);
    expect(asked).toMatchObject([{ by: 'query', ...byId, read: { consistency: 'strong' } }]);
  });

  test('what is refused is a rejection, and not sent', async () => {
    const tries = [
      () => orders.findById(undefined as never),
      () => orders.findMany({ customer: undefined }),
      () => orders.insert({ nothing: 1 } as never),
      () => orders.insertMany([null as never]),
      () => orders.insertMany(null as never),
      () => orders.insertMany('ab' as never),
      () => orders.insertMany({ length: 0 } as never),
      () => orders.findAll(null as never),
      () => orders.findAll('ab' as never),
      () => orders.findMany({}, null as never),
      () => orders.update('7', { id: '8' } as never),
      () => orders.delete(null as never),
    ];
    for (const work of tries) {
      const promise = work();
      await expect(promise).rejects.toMatchObject({ code: 'READFLEET_REPOSITORY_ARGUMENT' });
    }
    expect(asked).toEqual([]);
  });
});

describe('with a version', () => {
  const changed = { ...ORDER, customer: 'eve', version: 4 };
  const tries: [string, (version: number | string | bigint) => Promise<unknown>][] = [
    ['an update', (version) => orders.update('7', { customer: 'bob' }, { version })],
    ['a delete', (version) => orders.delete('7', { version })],
  ];

  test.each(tries)('%s of a row that was changed since is refused, with the row as it is', async (_, change) => {
    answers = [[], [changed]];
    const error = await change(3).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(StaleVersionError);
    expect(ReadfleetError.is(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'READFLEET_STALE_VERSION',
      expected: 3,
      current: changed,
      message: expect.stringContaining('shop.orders: a row was expected at version 3 and is at 4'),
    });
    expect(asked).toMatchObject([{ by: 'write' }, { by: 'query', ...byId, read: { consistency: 'strong' } }]);
  });

  test.each(tries)('%s of a row that is gone gives undefined', async (_, change) => {
    answers = [[], []];
    expect(await change(3)).toBeUndefined();
  });

  test.each(tries)(
    '%s that a policy or a trigger kept from its row gives undefined: it is not stale',
    async (_, change) => {
      answers = [[], [ORDER]];
      expect(await change(3)).toBeUndefined();
    },
  );

  test('an update of nothing is checked too', async () => {
    answers = [[changed]];
    await expect(orders.update('7', {}, { version: 3 })).rejects.toBeInstanceOf(StaleVersionError);
  });

  test.each([3, 3n, '3'])('the version %p is that of the row, however it is written', async (version) => {
    expect(await orders.update('7', {}, { version })).toBe(ORDER);
  });
});

describe('in a transaction', () => {
  test('everything runs there, and nothing beside', async () => {
    const bound = orders.in(on('primary'));
    await bound.findById('7', { endpoint: 'x', maxStalenessMs: 5 });
    await bound.findByIdCritical('7');
    await bound.findMany({});
    await bound.findAll();
    await bound.ofAda();
    await bound.insert({ customer: 'ada' });
    await bound.insertMany([{ customer: 'ada' }]);
    await bound.update('7', { customer: 'bob' });
    await bound.update('7', {});
    await bound.delete('7');
    expect(asked).toHaveLength(10);
    expect(new Set(asked.map(({ by }) => by))).toEqual(new Set(['transaction']));
  });

  test('it is a repository of the same class, and the other stays what it is', async () => {
    const bound = orders.in(on('primary'));
    expect(bound).toBeInstanceOf(Orders);
    expect(bound).not.toBe(orders);
    await orders.findById('7');
    await bound.findById('7');
    await bound.in(on('primary')).findById('7');
    expect(asked.map(({ by }) => by)).toEqual(['query', 'transaction', 'transaction']);
  });

  test('the latest cannot be had on a replica', async () => {
    const bound = orders.in(on('blue'));
    await expect(bound.findByIdCritical('7')).rejects.toMatchObject({
      code: 'READFLEET_REPOSITORY_ARGUMENT',
      message: expect.stringContaining("on the replica blue. Begin it with consistency: 'strong'."),
    });
    await expect(bound.findById('7', { consistency: 'strong' })).rejects.toThrow('on the replica blue');
    await bound.findById('7');
    expect(asked).toHaveLength(1);
  });
});
