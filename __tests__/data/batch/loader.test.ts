import { batch } from '../../../data/batch';

const NOTES = { from: 'note', by: 'author_id', type: 'int' };

/** Answers each key with ten times itself, and remembers what it was asked. */
function echo(answer: (keys: number[]) => Promise<unknown> | unknown = () => undefined) {
  const asked: number[][] = [];
  const query = async (_text: string, values: unknown[]) => {
    const keys = (values.at(-1) as string[]).map(Number);
    asked.push(keys);
    await answer(keys);
    return { rows: keys.map((key, place) => ({ readfleet_place: place + 1, readfleet_value: key * 10 })) };
  };
  return { asked, query };
}

test('loads of one tick are one statement, and each gets its own value', async () => {
  const on = echo();
  const counts = batch(on).counts(NOTES);
  const later = Promise.resolve().then(() => counts.load(3));
  expect(await Promise.all([counts.load(2), counts.load(1), later, counts.loadMany([5, 4])])).toEqual([
    20,
    10,
    30,
    [50, 40],
  ]);
  expect(on.asked).toEqual([[2, 1, 5, 4, 3]]);
});

test('loads of another tick are another statement', async () => {
  const on = echo();
  const counts = batch(on).counts(NOTES);
  await counts.load(1);
  await counts.load(1);
  expect(on.asked).toEqual([[1], [1]]);
});

test('the same key is asked for once, however it is written', async () => {
  const on = echo();
  const counts = batch(on).counts(NOTES);
  expect(await counts.loadMany([7, '7', 7n, '007', 8, 7])).toEqual([70, 70, 70, 70, 80, 70]);
  expect(on.asked).toEqual([[7, 8]]);
});

test('nothing is asked for no keys', async () => {
  const on = echo();
  expect(await batch(on).counts(NOTES).loadMany([])).toEqual([]);
  expect(on.asked).toEqual([]);
});

test('two loaders are two statements', async () => {
  const on = echo();
  const made = batch(on);
  await Promise.all([made.counts(NOTES).load(1), made.counts(NOTES).load(2)]);
  expect(on.asked).toEqual([[1], [2]]);
});

test('a statement has 1000 keys at most, or as many as it is told', async () => {
  const on = echo();
  const keys = Array.from({ length: 1_001 }, (_, key) => key);
  await batch(on).counts(NOTES).loadMany(keys);
  expect(on.asked.map(({ length }) => length)).toEqual([1_000, 1]);
  on.asked.length = 0;
  expect(await batch(on, { maxBatchSize: 2 }).counts(NOTES).loadMany([1, 2, 3])).toEqual([10, 20, 30]);
  expect(on.asked).toEqual([[1, 2], [3]]);
});

test('when a statement fails, each of its loads rejects with its error, and no other', async () => {
  const failure = new Error('terminating connection');
  const on = echo((keys) => (keys.includes(1) ? Promise.reject(failure) : undefined));
  const counts = batch(on, { maxBatchSize: 2 }).counts(NOTES);
  const ends = await Promise.allSettled([1, 2, 3].map((key) => counts.load(key)));
  expect(ends).toEqual([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value: 30 },
  ]);
});

test('what failed is asked for again, also with a cache', async () => {
  let fails = true;
  const on = echo(() => (fails ? Promise.reject(new Error('gone')) : undefined));
  const counts = batch(on, { cache: true }).counts(NOTES);
  await expect(counts.load(1)).rejects.toThrow('gone');
  fails = false;
  expect(await counts.load(1)).toBe(10);
});

test('a key that is none fails alone, and is not sent', async () => {
  const on = echo();
  const counts = batch(on).counts(NOTES);
  const ends = await Promise.allSettled([counts.load(1), counts.load('x'), counts.load(null as never)]);
  expect(ends[0]).toEqual({ status: 'fulfilled', value: 10 });
  expect(ends[1]).toMatchObject({
    reason: { code: 'READFLEET_BATCH_KEY', message: 'a batch was asked for "x", which is no key of type int.' },
  });
  expect(ends[2]).toMatchObject({ reason: { code: 'READFLEET_BATCH_KEY' } });
  expect(on.asked).toEqual([[1]]);
});

describe('with a cache', () => {
  test('a key is asked for once, until it is forgotten', async () => {
    const on = echo();
    const counts = batch(on, { cache: true }).counts(NOTES);
    await counts.load(1);
    await counts.loadMany([1, 2]);
    counts.clear('1');
    await counts.loadMany([1, 2]);
    counts.clear();
    await counts.loadMany([1, 2]);
    expect(on.asked).toEqual([[1], [2], [1], [1, 2]]);
  });
});

test.each([
  ['int', 2_147_483_647, true],
  ['INTEGER', 2_147_483_648, false],
  ['int4', -2_147_483_648, true],
  ['smallint', 32_768, false],
  ['bigint', '9223372036854775807', true],
  ['int8', 9_223_372_036_854_775_808n, false],
  ['bigint', 2 ** 53, false],
  ['bigint', 1.5, false],
  ['bigint', Number.NaN, false],
  ['bigint', '', false],
  ['bigint', '1; drop table note', false],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', true],
  ['uuid', 'a0eebc999c0b4ef8bb6d6bb9bd380a11', true],
  ['uuid', 'a0eebc99', false],
  ['text', '', true],
  ['text', 'a\0b', false],
  ['text', true, false],
  ['numeric', '1.5', true],
  ['constructor', 'x', true],
])('of type %s, %p is a key: %p', async (type, key, good) => {
  const on = { query: async () => ({ rows: [] }) };
  const load = batch(on)
    .counts({ ...NOTES, type })
    .load(key as string);
  await (good ? expect(load).resolves.toBe(0) : expect(load).rejects.toMatchObject({ code: 'READFLEET_BATCH_KEY' }));
});
