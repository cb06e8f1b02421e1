import { tableOf } from '../../../data/repository/definition';
import {
  deleteById,
  insertRows,
  type Statement,
  selectById,
  selectMany,
  updateById,
} from '../../../data/repository/statements';

const columns = { id: 'value', customer: 'value', total: 'value', details: 'json', version: 'value' };
const orders = tableOf({ table: 'shop.orders', id: 'id', columns });
const counted = tableOf({ table: 'shop.orders', id: 'id', columns, version: 'version' });
const lines = tableOf({
  table: 'lines',
  id: ['order_id', 'place'],
  columns: { order_id: 'value', place: 'value', note: 'value' },
});

const ROW = '"id", "customer", "total", "details", "version"';
const SELECT = `select ${ROW} from "shop"."orders"`;
const ARGUMENT = 'READFLEET_REPOSITORY_ARGUMENT';

/** What a refusal says; every one names the table. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: ARGUMENT, message: expect.stringMatching(/^(shop\.orders|lines): /) });
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('a row by its identifier', () => {
  test('is asked for by a parameter', () => {
    expect(selectById(orders, "1' or 1=1")).toEqual({ text: `${SELECT} where "id" = $1`, values: ["1' or 1=1"] });
  });

  test('of several columns is asked for by each, in their order', () => {
    expect(selectById(lines, { place: 2, order_id: 7, note: 'of the row' })).toEqual({
      text: 'select "order_id", "place", "note" from "lines" where "order_id" = $1 and "place" = $2',
      values: [7, 2],
    });
  });

  test.each([0, '', false, 0n])('%p is a value', (id) => {
    expect(selectById(orders, id).values).toEqual([id]);
  });

  const byId: [string, (id: unknown) => unknown][] = [
    ['select', (id) => selectById(orders, id)],
    ['update', (id) => updateById(orders, id, { total: 1 })],
    ['update of nothing', (id) => updateById(orders, id, {})],
    ['delete', (id) => deleteById(orders, id)],
  ];
  test.each(byId)('that is undefined or null is refused: %s', (_, statement) => {
    expect(refusal(() => statement(undefined))).toContain('an identifier must have a value, got: id: undefined.');
    expect(refusal(() => statement(null))).toContain('an identifier must have a value, got: id: null.');
  });

  test('of several columns must have them all', () => {
    expect(refusal(() => selectById(lines, { order_id: 7 }))).toContain('got: place: undefined.');
    expect(refusal(() => selectById(lines, 7))).toContain(
      'must be an object with order_id, place, got: a value of type number.',
    );
    expect(refusal(() => selectById(lines, null))).toContain('got: null.');
  });
});

describe('many rows', () => {
  test('are the first 100 by identifier, unless told', () => {
    expect(selectMany(orders, {})).toEqual({ text: `${SELECT} order by "id" limit $1`, values: [100] });
    expect(selectMany(lines, {}).text).toMatch(/ order by "order_id", "place" limit \$1$/);
  });

  test('are found by values, lists and null, whatever the order they are given in', () => {
    const expected = {
      text: `${SELECT} where "customer" = any($1) and "total" = $2 and "details" is null order by "id" limit $3`,
      values: [['ada', 'bob'], 5, 100],
    };
    expect(selectMany(orders, { details: null, total: 5, customer: ['ada', 'bob'] })).toEqual(expected);
    expect(selectMany(orders, { customer: ['ada', 'bob'], total: 5, details: null })).toEqual(expected);
  });

  test('no row is one of an empty list', () => {
    expect(selectMany(orders, { total: [] })).toMatchObject({
      text: expect.stringContaining('"total" = any($1)'),
      values: [[], 100],
    });
  });

  test('come in the order that is asked for', () => {
    const order = (...orderBy: object[]) => / order by (.*) limit/.exec(selectMany(orders, {}, { orderBy }).text)?.[1];
    expect(order({ column: 'total' }, { column: 'id', direction: 'desc' })).toBe('"total" asc, "id" desc');
    expect(order({ column: 'total', direction: 'desc', nulls: 'last' })).toBe('"total" desc nulls last');
    expect(order({ column: 'total', nulls: 'first' })).toBe('"total" asc nulls first');
    expect(order()).toBeUndefined();
  });

  test.each([1, 1_000])('%p is a limit', (limit) => {
    expect(selectMany(orders, {}, { limit }).values).toEqual([limit]);
  });

  test.each([0, -1, 1_001, 1.5, Number.NaN, '10', null, Number.POSITIVE_INFINITY])('%p is none', (limit) => {
    expect(refusal(() => selectMany(orders, {}, { limit }))).toContain(
      `\`limit\` must be a whole number, 1 to 1000, got: ${limit}. For more rows, read them in pages: readfleet/paging.`,
    );
  });

  test('by a column that is undefined are refused: it could mean every row or none', () => {
    expect(refusal(() => selectMany(orders, { customer: undefined }))).toContain('customer: undefined');
  });

  test.each([[[null]], [['ada', null]], [[undefined]]])(
    'by the list %p are refused: NULL is in no list',
    (customer) => {
      expect(refusal(() => selectMany(orders, { customer }))).toContain(
        'a list for customer with null or undefined in it',
      );
    },
  );

  test('by JSON are refused, but for null', () => {
    expect(refusal(() => selectMany(orders, { details: {} }))).toContain('only null can be asked for');
    expect(refusal(() => selectMany(orders, { details: [] }))).toContain('only null can be asked for');
  });

  test.each([undefined, null, 'id = 1', 7, ['id']])('by %p are refused', (where) => {
    expect(refusal(() => selectMany(orders, where))).toContain('`where` must be an object with columns');
  });

  test('in an order of something else are refused', () => {
    const order = (orderBy: unknown) => refusal(() => selectMany(orders, {}, { orderBy }));
    expect(order('id')).toContain('`orderBy` must be a list, got: "id".');
    expect(order([{ column: 'id; drop table x' }])).toContain(
      '`orderBy` names "id; drop table x", which is no column. There are: id, customer',
    );
    expect(order([null])).toContain('`orderBy` names undefined');
    expect(order([{ column: 'id', direction: 'desc; drop table x' }])).toContain('"asc" or "desc" for id');
    expect(order([{ column: 'id', nulls: 'first; drop table x' }])).toContain('"first" or "last"');
  });
});

describe('an insert', () => {
  test('has the columns that are given, in their order, and gives the row', () => {
    expect(insertRows(orders, [{ total: 5, customer: 'ada' }])).toEqual({
      text: `insert into "shop"."orders" ("customer", "total") values ($1, $2) returning ${ROW}`,
      values: ['ada', 5],
    });
  });

  test('leaves out what is undefined, and sets what is null', () => {
    const { text, values } = insertRows(orders, [{ customer: undefined, total: null }]);
    expect(text).toContain('("total") values ($1)');
    expect(values).toEqual([null]);
  });

  test('of nothing is a row of defaults', () => {
    expect(insertRows(orders, [{}]).text).toContain('("id") values (default) returning');
    expect(insertRows(orders, [{}, {}]).text).toContain('("id") values (default), (default) returning');
  });

  test('of several rows has the default where one lacks a column', () => {
    const { text, values } = insertRows(orders, [{ customer: 'ada' }, { total: 5 }, { customer: 'bob', total: 6 }]);
    expect(text).toContain('("customer", "total") values ($1, default), (default, $2), ($3, $4) returning');
    expect(values).toEqual(['ada', 5, 'bob', 6]);
  });

  test('sends JSON as JSON, and null as NULL', () => {
    const sent = (details: unknown) => insertRows(orders, [{ details }]).values;
    expect(sent(['a', { b: 1 }])).toEqual(['["a",{"b":1}]']);
    expect(sent('text')).toEqual(['"text"']);
    expect(sent(null)).toEqual([null]);
  });

  test('of what JSON cannot say is refused', () => {
    expect(refusal(() => insertRows(orders, [{ details: () => 1 }]))).toContain(
      'details is JSON, and got what has none',
    );
  });

  test('takes as many values as PostgreSQL numbers, and says how many rows that is', () => {
    const rows = (count: number) => Array.from({ length: count }, () => ({ customer: 'ada', total: 5 }));
    expect(insertRows(orders, rows(32_767)).values).toHaveLength(65_534);
    expect(refusal(() => insertRows(orders, rows(32_768)))).toContain(
      '32768 rows need 65536 parameters, and PostgreSQL takes 65535 in one statement. Insert up to 32767 rows of these columns at a time',
    );
  });

  test.each([null, undefined, 'x', [[1]]])('of %p is refused', (row) => {
    expect(refusal(() => insertRows(orders, [row]))).toContain('`row` must be an object with columns');
  });
});

describe('an update', () => {
  test('sets what is given, and leaves what is undefined', () => {
    expect(updateById(orders, 7, { total: null, customer: undefined, details: [1] })).toEqual({
      text: `update "shop"."orders" set "total" = $1, "details" = $2 where "id" = $3 returning ${ROW}`,
      values: [null, '[1]', 7],
    });
  });

  test.each([[{}], [{ total: undefined }]])('of %p is none', (changes) => {
    expect(updateById(orders, 7, changes)).toBeUndefined();
    expect(updateById(counted, 7, changes, { version: 3 })).toBeUndefined();
  });

  test('counts the version, whether it is asked for or not', () => {
    expect(updateById(counted, 7, { total: 5 })?.text).toContain(
      'set "total" = $1, "version" = "version" + 1 where "id" = $2 ret',
    );
    expect(updateById(counted, 7, { total: 5 }, { version: 3 })).toEqual({
      text: `update "shop"."orders" set "total" = $1, "version" = "version" + 1 where "id" = $2 and "version" = $3 returning ${ROW}`,
      values: [5, 7, 3],
    });
  });

  test('of the identifier or the version is refused', () => {
    expect(refusal(() => updateById(orders, 7, { id: 7, total: 5 }))).toContain(
      '`changes` has id, which is of the identifier',
    );
    expect(refusal(() => updateById(lines, { order_id: 1, place: 2 }, { place: 3 }))).toContain('`changes` has place');
    expect(refusal(() => updateById(counted, 7, { version: 9 }))).toContain(
      '`changes` has version, which the repository counts',
    );
    expect(updateById(orders, 7, { version: 9 })?.values).toEqual([9, 7]);
  });
});

test('a delete is of the row, and of its version where that is asked for', () => {
  const text = 'delete from "shop"."orders" where "id" = $1';
  expect(deleteById(counted, 7)).toEqual({ text: `${text} returning ${ROW}`, values: [7] });
  expect(deleteById(counted, 7, { version: '3' })).toEqual({
    text: `${text} and "version" = $2 returning ${ROW}`,
    values: [7, '3'],
  });
});

const checked: [string, (options: unknown) => unknown][] = [
  ['an update', (options) => updateById(counted, 7, { total: 5 }, options)],
  ['an update of nothing', (options) => updateById(counted, 7, {}, options)],
  ['a delete', (options) => deleteById(counted, 7, options)],
];
test.each(checked)('%s does not lose its check to a version that is missing', (_, statement) => {
  for (const options of [{ version: undefined }, { version: null }, {}, { verison: 3 }, null])
    expect(refusal(() => statement(options))).toContain('must be { version } with the version of the row');
});

test('a version is refused where none is counted', () => {
  expect(refusal(() => deleteById(orders, 7, { version: 3 }))).toContain('names no `version` column');
});

const withColumns: [string, (given: object) => unknown][] = [
  ['where', (given) => selectMany(orders, given)],
  ['row', (given) => insertRows(orders, [given])],
  ['changes', (given) => updateById(orders, 7, given)],
];
test.each(withColumns)('`%s` with a column that is none is refused, with those there are', (what, statement) => {
  for (const name of ['is_admin', 'ID', 'id"', 'constructor', 'toString', 'id = 1 or 1'])
    expect(refusal(() => statement({ [name]: 1 }))).toBe(
      `shop.orders: \`${what}\` has ${JSON.stringify(name)}, which is no column. There are: id, customer, total, details, version.`,
    );
  expect(refusal(() => statement(JSON.parse('{"__proto__": 1}')))).toContain('"__proto__", which is no column');
  // As a column it would be taken twice: for one that is unknown, and as undefined.
  expect(refusal(() => statement({ nothing: undefined }))).toContain('"nothing", which is no column');
});

test('texts do not depend on values', () => {
  const texts = (statements: Statement[]) => new Set(statements.map(({ text }) => text)).size;
  const numbers = Array.from({ length: 1_000 }, (_, number) => number);
  expect(texts(numbers.map((id) => selectById(orders, id)))).toBe(1);
  expect(texts(numbers.map((id) => selectMany(orders, { id: numbers.slice(0, id) }, { limit: id + 1 })))).toBe(1);
  expect(texts(numbers.map((id) => insertRows(orders, [{ id, total: id }])))).toBe(1);
});
