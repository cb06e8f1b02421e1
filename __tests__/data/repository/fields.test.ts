/** What a subclass has in its fields, in a transaction. */

import { keyset } from '../../../data/paging';
import { Repository, type RepositoryFleet } from '../../../data/repository';
import type { Transaction } from '../../../lib';

interface Row {
  readonly id: string;
}

let asked: string[];
beforeEach(() => {
  asked = [];
});

const answering = (by: string) => async () => {
  asked.push(by);
  return { rows: [{ id: '7' }] } as never;
};
const fleetOf = (name: string) =>
  ({ query: answering(name), write: answering(name), status: () => ({ members: [] }) as never }) as RepositoryFleet;
const fleet = fleetOf('fleet');
const transaction: Transaction = { member: 'primary', query: answering('transaction') };
const definition = { table: 'row', id: 'id', columns: { id: 'value' } } as const;

class Rows extends Repository<Row> {
  constructor(on = fleet) {
    super(on, definition);
  }
}

/** The message of the refusal of `in`. */
function refusal(repository: Rows, ...given: unknown[]): string {
  try {
    repository.in((given.length > 0 ? given[0] : transaction) as Transaction);
  } catch (error) {
    expect(error).toMatchObject({ code: 'READFLEET_REPOSITORY_ARGUMENT', message: expect.stringMatching(/^row: /) });
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

test('a repository in a field is in the transaction too, and so is what that has', async () => {
  class Lines extends Rows {
    readonly photos = new Rows();
  }
  class Orders extends Rows {
    readonly lines = new Lines();
    async place(): Promise<void> {
      await this.insert({ id: '7' });
      await this.lines.insert({ id: '7' });
      await this.lines.photos.insert({ id: '7' });
    }
  }
  const orders = new Orders();
  const bound = orders.in(transaction);
  await bound.place();
  expect(asked).toEqual(['transaction', 'transaction', 'transaction']);
  expect(bound.lines).toBeInstanceOf(Lines);
  asked = [];
  await orders.place();
  expect(asked).toEqual(['fleet', 'fleet', 'fleet']);
});

test('repositories may have one another', async () => {
  class Node extends Rows {
    other: Node = this;
  }
  const [one, two] = [new Node(), new Node()];
  Object.assign(one, { other: two });
  Object.assign(two, { other: one });
  const bound = one.in(transaction);
  expect(bound.other.other).toBe(bound);
  await bound.other.insert({ id: '7' });
  await bound.other.other.insert({ id: '7' });
  await new Node().in(transaction).other.insert({ id: '7' });
  expect(asked).toEqual(['transaction', 'transaction', 'transaction']);
  // A refusal leaves nothing half made behind.
  Object.assign(two, { all: () => 1 });
  expect(refusal(one)).toContain('all of the repository is a function');
  expect(refusal(one)).toContain('all of the repository is a function');
});

test('an `in` of a subclass is heeded for a field too', () => {
  class Cached extends Rows {
    cache = new Map<string, Row>();
    override in(given: Transaction): this {
      return Object.assign(super.in(given), { cache: new Map() });
    }
  }
  class Orders extends Rows {
    readonly cached = new Cached();
  }
  const orders = new Orders();
  expect(orders.in(transaction).cached.cache).not.toBe(orders.cached.cache);
});

test('a generator of a copy runs in the transaction, whoever takes from it', async () => {
  class Orders extends Rows {
    async *each(): AsyncGenerator<Row> {
      yield* await this.findAll();
    }
  }
  for await (const row of new Orders().in(transaction).each()) expect(row).toEqual({ id: '7' });
  expect(asked).toEqual(['transaction']);
});

const pool = { query: answering('pool'), connect: answering('pool') };
test.each([
  ['a function', () => 1, 'a function in a field, which would not run in the transaction. Make it a method.'],
  [
    'a fleet',
    fleet,
    'a fleet, a pool or a client, which would not run in the transaction. Send statements by this.rows().',
  ],
  ['a pool', pool, 'a fleet, a pool or a client'],
  ['another transaction', transaction, 'a fleet, a pool or a client'],
  ['a repository of another fleet', new Rows(fleetOf('other')), 'a repository of another fleet'],
  ['a list of repositories', [new Rows()], 'a list or object with repositories, fleets or pools'],
  ['an object with a repository', { rows: new Rows() }, 'a list or object with repositories, fleets or pools'],
  ['an object with a pool', { pool }, 'a list or object with repositories, fleets or pools'],
])('%s in a field would run outside, and is refused', (_, field, message) => {
  expect(refusal(Object.assign(new Rows(), { field }))).toContain(`field of the repository is ${message}`);
});

test('other fields are what they were', () => {
  const pages = keyset({ orderBy: [], unique: 'id', secret: false });
  const fields = { pages, day: new Date(), names: ['a'], limits: { most: 5 }, none: null, cache: new Map() };
  const bound = Object.assign(new Rows(), fields).in(transaction);
  for (const [name, value] of Object.entries(fields)) expect(bound[name as keyof typeof bound]).toBe(value);
});

class Counted extends Rows {
  #count = 0;
  counted(): number {
    this.#count += 1;
    return this.#count;
  }
}
class Helped extends Rows {
  async #help(): Promise<Row[]> {
    return this.findAll();
  }
  helped(): Promise<Row[]> {
    return this.#help();
  }
}
test.each([
  ['a field', new Counted(), 'class Counted uses #count'],
  ['a method', new Helped(), 'class Helped uses #help'],
  ['a field of a class above', new (class extends Counted {})(), 'class Counted uses #count'],
])('%s that is #private is refused, since a copy has none, with what to write', (_, repository, message) => {
  expect(refusal(repository)).toContain(message);
  expect(refusal(repository)).toMatch(/Write `private (count|help)` of TypeScript, without the #\.$/);
});

test('what is #private of the class itself, or private of TypeScript, is there', async () => {
  class Orders extends Rows {
    static #made = 0;
    static get #most(): number {
      return 5;
    }
    private seen = 0;
    look(): number[] {
      Orders.#made += 1;
      this.seen += 1;
      return [Orders.#made, Orders.#most, this.seen];
    }
    json(): Promise<Row[]> {
      return this.rows(`select id from row where details #> '{a}' is null and note = '#no'`);
    }
  }
  const bound = new Orders().in(transaction);
  expect(bound.look()).toEqual([1, 5, 1]);
  await bound.json();
  expect(asked).toEqual(['transaction']);
});

test.each([undefined, null, 7, {}])('%p is no transaction', (given) => {
  expect(refusal(new Rows(), given)).toContain('in() must be given a transaction, got: ');
});
