import { batch } from '../../../data/batch';
import { InvalidConfigError } from '../../../lib';

const on = { query: async () => ({ rows: [] }) };
const good = { from: 'note', by: 'author_id', type: 'int' };
const orderBy = [{ column: 'id' }];

function problems(make: () => unknown): [string, string][] {
  try {
    make();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    expect(error.code).toBe('READFLEET_BATCH_OPTIONS');
    return error.problems.map(({ path, message }) => [path, message]);
  }
}

test.each([
  ['counts', { ...good, from: '' }, 'from', '1 to 63 bytes'],
  ['counts', { ...good, by: undefined }, 'by', 'missing'],
  ['counts', { ...good, type: 'int[]; drop table note' }, 'type', 'name of a type'],
  ['counts', { ...good, where: '' }, 'where', 'SQL'],
  ['counts', { ...good, values: 7 }, 'values', 'list of values'],
  ['counts', { ...good, orderBy }, '', 'orderBy'],
  ['sums', good, 'of', 'missing'],
  ['sums', { ...good, of: 'size', as: 'float' }, 'as', '"number", "bigint" or "text"'],
  ['rowsBy', { ...good, select: [] }, 'select', 'one column or more'],
  ['latest', good, 'orderBy', 'missing'],
  ['latest', { ...good, orderBy: [] }, 'orderBy', 'one column or more'],
  ['latest', { ...good, orderBy: [{ column: 'id', direction: 'down' }] }, 'orderBy[0].direction', '"asc" or "desc"'],
  ['many', { ...good, orderBy, limit: 0 }, 'limit', '1 or more'],
] as const)('%s(%j) is refused', (kind, definition, path, message) => {
  const kinds = batch(on) as unknown as Record<string, (definition: object) => unknown>;
  const told = problems(() => kinds[kind]?.(definition));
  expect(told).toHaveLength(1);
  expect(told[0]?.[0]).toBe(path);
  expect(told[0]?.[1]).toContain(message);
});

test('everything that is wrong is told at once', () => {
  expect(problems(() => batch(on).many({ from: '', by: '', type: '', orderBy: [], limit: -1 }))).toHaveLength(5);
});

test.each([
  [{ maxBatchSize: 0 }, 'maxBatchSize'],
  [{ cache: 'yes' }, 'cache'],
  [{ read: 7 }, 'read'],
  [{ batchSize: 7 }, ''],
])('batch(…, %j) is refused', (options, path) => {
  expect(problems(() => batch(on, options as never)).map(([where]) => where)).toEqual([path]);
});
