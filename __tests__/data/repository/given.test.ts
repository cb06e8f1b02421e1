/** Objects of classes as `where`, `row` and `changes`: what would widen a statement by accident is refused. */
import { runInNewContext } from 'node:vm';
import { tableOf } from '../../../data/repository/definition';
import { insertRows, selectMany, updateById } from '../../../data/repository/statements';

const columns = { id: 'value', status: 'value', size: 'value', constructor: 'value' };
const orders = tableOf({ table: 'orders', id: 'id', columns });

/** What each would set or ask for; the limit of a read is left out. */
const statements: [string, (object: unknown) => unknown[] | undefined][] = [
  ['where', (object) => selectMany(orders, object).values.slice(0, -1)],
  ['row', (object) => insertRows(orders, [object]).values],
  ['changes', (object) => updateById(orders, 7, object)?.values.slice(0, -1)],
];

class Open {
  get status(): string {
    return 'open';
  }
}
class OpenAndBig extends Open {
  readonly size = 5;
}
class Entity {
  status = 'open';
  readonly size = 5;
  isOpen(): boolean {
    return this.status === 'open';
  }
}
class Odd extends Map {
  readonly status = 'open';
}

describe.each(statements)('`%s`', (what, valuesOf) => {
  test.each([
    ['a getter alone', new Open(), 'an object of class Open, which has none'],
    ['a Map', new Map([['status', 'open']]), 'an object of class Map, which has none'],
    ['a Set', new Set(['status']), 'an object of class Set'],
    ['a Date', new Date(), 'an object of class Date'],
    ['URLSearchParams', new URLSearchParams('status=open'), 'an object of class URLSearchParams'],
    ['a Map of another realm', runInNewContext('new Map([["status", "open"]])'), 'an object of class Map'],
    ['what is inherited alone', Object.create({ status: 'open' }), 'which has none'],
    ['an object of an empty class', new (class Empty {})(), 'an object of class Empty'],
  ])('that is %s is refused', (_, object, told) => {
    expect(() => valuesOf(object)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_REPOSITORY_ARGUMENT',
        message: expect.stringMatching(
          new RegExp(`^orders: \`${what}\` must be an object with columns of its own, got: .*${told}`),
        ),
      }),
    );
  });

  test.each([
    ['a getter', new OpenAndBig(), 'class OpenAndBig, which has status from its class'],
    ['an inherited value', Object.assign(Object.create({ status: 'open' }), { size: 5 }), 'has status from its class'],
    [
      'an inherited value of nobody',
      Object.assign(Object.create(Object.create(null, { status: {} })), { size: 5 }),
      'has status',
    ],
    ['the size of a Map', new Odd(), 'an object of class Odd, which has size from its class'],
  ])('that has a column as %s is refused', (_, object, told) => {
    expect(() => valuesOf(object)).toThrow(
      expect.objectContaining({ code: 'READFLEET_REPOSITORY_ARGUMENT', message: expect.stringContaining(told) }),
    );
  });

  test.each([
    ['a plain object', { status: 'open', size: 5 }],
    ['one without a prototype', Object.assign(Object.create(null), { status: 'open', size: 5 })],
    ['one of another realm', runInNewContext('({ status: "open", size: 5 })')],
    ['an entity', new Entity()],
    [
      'one whose own value hides a getter',
      Object.defineProperty(new OpenAndBig(), 'status', { value: 'open', enumerable: true }),
    ],
  ])('may be %s', (_, object) => {
    expect(valuesOf(object)).toEqual(['open', 5]);
  });

  test.each([[{}], [Object.create(null)], [runInNewContext('({})')]])('%p says what it seems to say', (object) => {
    expect(valuesOf(object) ?? []).toEqual([]);
  });
});
