import { Repository, Service, type StaleVersionError } from '../../../data/repository';
import type { Fleet } from '../../../lib';

/** Whether two types are the very same, and not just assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when the two types are the same. */
function same<A, B>(..._: Same<A, B> extends true ? [] : [never]): void {
  // The compiler is the test.
}

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly status: 'open' | 'paid';
  readonly note: string | null;
  readonly tags: string[];
  readonly details: { readonly gift: boolean };
  readonly placed_at: Date;
  readonly version: number;
}

interface Line {
  readonly order_id: string;
  readonly place: number;
  readonly article: string;
}

const ORDERS = {
  table: 'orders',
  id: 'id',
  columns: {
    id: 'value',
    customer: 'value',
    status: 'value',
    note: 'value',
    tags: 'value',
    details: 'json',
    placed_at: 'value',
    version: 'value',
  },
} as const;

declare const fleet: Fleet;
declare const orders: Repository<Order, 'id', 'id' | 'placed_at' | 'version'>;
declare const lines: Repository<Line, ['order_id', 'place']>;
declare const order: Order;

const NEW = { customer: 'ada', status: 'open' as const, tags: ['new'], details: { gift: true } };

/** Never called: the compiler is the test. */
function definitionsAreComplete(): void {
  new Repository<Order>(fleet, ORDERS);
  const ofLines = { order_id: 'value', place: 'value', article: 'value' } as const;
  new Repository<Line, ['order_id', 'place']>(fleet, {
    table: { schema: 'shop', table: 'lines' },
    id: ['order_id', 'place'],
    columns: ofLines,
  });
  const { note: _, ...columns } = ORDERS.columns;
  // @ts-expect-error: a row has a note, which would never come
  new Repository<Order>(fleet, { ...ORDERS, columns });
  // @ts-expect-error: a row has no such column
  new Repository<Order>(fleet, { ...ORDERS, columns: { ...ORDERS.columns, extra: 'value' } });
  // @ts-expect-error: no such kind
  new Repository<Order>(fleet, { ...ORDERS, columns: { ...ORDERS.columns, note: 'text' } });
  // @ts-expect-error: another identifier than its type says
  new Repository<Order>(fleet, { ...ORDERS, id: 'customer' });
  // @ts-expect-error: no such column
  new Repository<Order>(fleet, { ...ORDERS, version: 'revision' });
  // @ts-expect-error: it has no id, and names no other
  new Repository<Line>(fleet, { table: 'lines', id: 'id', columns: ofLines });
  // @ts-expect-error: no such column
  type _Wrong = Repository<Order, 'key'>;
}

async function rowsAreTyped(): Promise<void> {
  same<Awaited<ReturnType<typeof orders.findById>>, Order | undefined>();
  same<Awaited<ReturnType<typeof orders.findByIdCritical>>, Order | undefined>();
  same<Awaited<ReturnType<typeof orders.findMany>>, Order[]>();
  same<Awaited<ReturnType<typeof orders.findAll>>, Order[]>();
  same<Awaited<ReturnType<typeof orders.insert>>, Order>();
  same<Awaited<ReturnType<typeof orders.insertMany>>, Order[]>();
  same<Awaited<ReturnType<typeof orders.update>>, Order | undefined>();
  same<Awaited<ReturnType<typeof orders.delete>>, Order | undefined>();
}

async function identifiersAreThoseOfTheRow(): Promise<void> {
  await orders.findById('7');
  await lines.findById({ order_id: '7', place: 1 });
  const line = await lines.findById({ order_id: '7', place: 1 });
  if (line) await lines.delete(line);
  // @ts-expect-error: a text
  await orders.findById(7);
  // @ts-expect-error: there may be none
  await orders.findById(undefined);
  // @ts-expect-error: both columns
  await lines.findById({ order_id: '7' });
  // @ts-expect-error: both columns
  await lines.delete('7');
}

async function insertsLackOnlyWhatHasADefault(): Promise<void> {
  await orders.insert(NEW);
  await orders.insert({ ...NEW, id: '7', note: null, placed_at: new Date(), version: undefined });
  await orders.insertMany([NEW, order]);
  // @ts-expect-error: the customer is missing
  await orders.insert({ status: 'open', tags: [], details: { gift: true } });
  // @ts-expect-error: a customer is never NULL
  await orders.insert({ ...NEW, customer: null });
  // @ts-expect-error: no such status
  await orders.insert({ ...NEW, status: 'lost' });
  // @ts-expect-error: no such column
  await orders.insert({ ...NEW, is_admin: true });
  // @ts-expect-error: a place has no default
  await lines.insert({ order_id: '7', article: 'pen' });
}

async function updatesChangeWhatMayChange(): Promise<void> {
  await orders.update('7', { note: null, customer: undefined }, { version: order.version });
  // @ts-expect-error: a customer is never NULL
  await orders.update('7', { customer: null });
  // @ts-expect-error: an identifier stays
  await orders.update('7', { id: '8' });
  // @ts-expect-error: each column of it
  await lines.update({ order_id: '7', place: 1 }, { place: 2 });
  // @ts-expect-error: who asks for a version has one
  await orders.update('7', { note: 'x' }, { version: undefined });
  // @ts-expect-error: no such option
  await orders.delete('7', { verison: 3 });
}

async function conditionsAreOfTheColumn(): Promise<void> {
  await orders.findMany({ status: 'open', customer: ['ada', 'bob'], note: null }, { limit: 5, endpoint: 'shop' });
  await orders.findMany({ placed_at: new Date() }, { orderBy: [{ column: 'placed_at', direction: 'desc' }] });
  const statuses: readonly Order['status'][] = ['open', 'paid'];
  await orders.findMany({ status: statuses });
  // @ts-expect-error: no such status
  await orders.findMany({ status: 'lost' });
  // @ts-expect-error: no such status in the list
  await orders.findMany({ status: ['lost'] });
  // @ts-expect-error: a customer is never NULL
  await orders.findMany({ customer: null });
  // @ts-expect-error: NULL is in no list
  await orders.findMany({ note: [null] });
  // @ts-expect-error: a list could be one value or several
  await orders.findMany({ tags: ['a'] });
  // @ts-expect-error: a number
  await orders.findMany({ version: '3' });
  // @ts-expect-error: no such column
  await orders.findMany({}, { orderBy: [{ column: 'author' }] });
  // @ts-expect-error: no such direction
  await orders.findMany({}, { orderBy: [{ column: 'id', direction: 'down' }] });
  // @ts-expect-error: there is no offset
  await orders.findAll({ offset: 10 });
  // @ts-expect-error: it asks for it already
  await orders.findByIdCritical('7', { consistency: 'eventual' });
}

class Shop extends Service<{ orders: typeof orders; lines: typeof lines }> {
  place() {
    return this.transaction(async (repositories, { member }) => {
      same<typeof repositories, { orders: typeof orders; lines: typeof lines }>();
      same<typeof member, string>();
      return repositories.orders.insert(NEW);
    });
  }

  later() {
    return this.session(() => this.repositories.orders.findById('7'));
  }

  async total() {
    return (await this.criticalRead<{ total: string }>('select sum(total) as total from orders')).rows;
  }
}

function servicesGiveWhatTheirWorkGives(shop: Shop): void {
  same<Awaited<ReturnType<typeof shop.place>>, Order>();
  same<Awaited<ReturnType<typeof shop.later>>, Order | undefined>();
  same<Awaited<ReturnType<typeof shop.total>>, { total: string }[]>();
  // @ts-expect-error: its methods say what can be done
  shop.transaction(async () => 1);
  // @ts-expect-error: what belongs together is made of repositories
  class _Wrong extends Service<{ orders: string }> {}
}

function staleRowsHaveTheirType(error: StaleVersionError<Order>): void {
  same<typeof error.current, Order>();
}

test.each([
  definitionsAreComplete,
  rowsAreTyped,
  identifiersAreThoseOfTheRow,
  insertsLackOnlyWhatHasADefault,
  updatesChangeWhatMayChange,
  conditionsAreOfTheColumn,
  servicesGiveWhatTheirWorkGives,
  staleRowsHaveTheirType,
])('%p is a function that is never called: the compiler is its test', (check) => {
  expect(check).toBeInstanceOf(Function);
});
