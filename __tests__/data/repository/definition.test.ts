import { Repository } from '../../../data/repository';
import { tableOf } from '../../../data/repository/definition';
import { InvalidConfigError } from '../../../lib';

const ORDERS = {
  table: 'orders',
  id: 'id',
  columns: { id: 'value', total: 'value', details: 'json', version: 'value' },
};

function problemsOf(differing: object): [string, unknown, string][] {
  try {
    tableOf({ ...ORDERS, ...differing });
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    expect(error.code).toBe('READFLEET_REPOSITORY_INVALID');
    return error.problems.map(({ path, got, message }) => [path, got, message]);
  }
  return [];
}

test('names are quoted, and columns keep their order', () => {
  expect(tableOf({ ...ORDERS, version: 'version' })).toMatchObject({
    label: 'orders',
    quoted: '"orders"',
    list: '"id", "total", "details", "version"',
    id: [{ name: 'id' }],
    composite: false,
    version: { name: 'version' },
  });
});

test.each([
  ['public.orders', '"public"."orders"'],
  ['Orders', '"Orders"'],
  [{ schema: 'shop', table: 'a.b' }, '"shop"."a.b"'],
  [{ schema: 'a"b', table: `'` }, `"a""b"."'"`],
])('the table %j is %s', (table, quoted) => {
  expect(tableOf({ ...ORDERS, table }).quoted).toBe(quoted);
});

test.each([
  ['a.b.c', 'Must be `table`, `schema.table`, or { schema, table }.'],
  [undefined, 'Must be `table`, `schema.table`, or { schema, table }.'],
  [null, 'Must be `table`, `schema.table`, or { schema, table }.'],
])('the table %j is refused', (table, message) => {
  expect(problemsOf({ table })).toEqual([['table', table, message]]);
});

test.each([
  ['', '', 'Must not be empty.'],
  ['public.', '', 'Must not be empty.'],
  ['a\0', 'a\0', 'Must not have a NUL in it.'],
  ['x'.repeat(64), 'x'.repeat(64), 'Must not be longer than 63 bytes.'],
  [{ table: 'orders' }, undefined, 'Must be a text.'],
])('the table %j has a bad part', (table, got, message) => {
  expect(problemsOf({ table })).toEqual([['table', got, message]]);
});

test('columns must have names, and a kind that there is', () => {
  expect(problemsOf({ columns: { id: 'value', '': 'value', total: 'number' } })).toEqual([
    ['columns', '', 'Must not be empty.'],
    ['columns.total', 'number', 'Must be "value" or "json".'],
  ]);
});

test('the identifier must be of the columns, once, and no JSON', () => {
  const names = 'id, total, details, version';
  expect(problemsOf({ id: 'key' })).toEqual([['id', 'key', `Must be one of the columns: ${names}.`]]);
  expect(problemsOf({ id: undefined })).toEqual([['id', undefined, `Must be one of the columns: ${names}.`]]);
  expect(problemsOf({ id: ['id', 'id'] })).toEqual([['id', ['id', 'id'], 'Must name a column once.']]);
  expect(problemsOf({ id: [] })).toEqual([['id', [], 'Must name a column, or several.']]);
  expect(problemsOf({ id: 'details' })).toEqual([['id', 'details', 'Must be a column of kind "value".']]);
});

test('the version must be of the columns, and not of the identifier', () => {
  expect(problemsOf({ version: 'v' })).toEqual([
    ['version', 'v', 'Must be one of the columns: id, total, details, version.'],
  ]);
  expect(problemsOf({ version: 'id' })).toEqual([['version', 'id', 'Must not be of the identifier.']]);
  expect(problemsOf({ id: ['id', 'version'], version: 'version' })).toHaveLength(1);
  expect(problemsOf({ version: 'details' })).toEqual([['version', 'details', 'Must be a column of kind "value".']]);
});

test('all problems are told at once, in words for a terminal', () => {
  expect(() => tableOf({ table: '', id: 'x', columns: {} })).toThrow(/3 problems[\s\S]*table[\s\S]*columns[\s\S]*id/);
  expect(() => tableOf(undefined as never)).toThrow(/3 problems/);
});

test('a column may be called as what every object has', () => {
  const table = tableOf({ table: 't', id: 'constructor', columns: { constructor: 'value', ['__proto__']: 'value' } });
  expect(table.list).toBe('"constructor", "__proto__"');
  expect(problemsOf({ id: 'toString' })).toHaveLength(1);
});

test('a part that nobody heeds is refused: a version that is misspelt would check nothing', () => {
  expect(problemsOf({ versoin: 'version', endpiont: 'x' })).toEqual([
    ['versoin', 'version', 'There is no such part. There are: table, id, columns, version, endpoint.'],
    ['endpiont', 'x', 'There is no such part. There are: table, id, columns, version, endpoint.'],
  ]);
});

test.each([undefined, null, {}, Promise.resolve({ query: () => undefined })])('%p is no fleet', (fleet) => {
  const definition = { table: 'orders', id: 'id', columns: { id: 'value' } } as const;
  expect(() => new Repository<{ id: string }>(fleet as never, definition)).toThrow(
    expect.objectContaining({
      code: 'READFLEET_NOT_A_FLEET',
      message: expect.stringContaining('Was await forgotten?'),
    }),
  );
});
