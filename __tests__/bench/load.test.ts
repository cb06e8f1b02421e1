import { codeOf, DIVERGENT, runLoad } from '../../bench/load';

const options = { rate: 1_000, lengthMs: 10, graceMs: 0, staleMs: 1_000, primaryHad: () => 4_000 };

test('a read that fails is counted by the code of its error', async () => {
  const result = await runLoad(async () => Promise.reject(Object.assign(new Error('no'), { code: '57P01' })), {
    ...options,
    graceMs: 1_000,
  });

  expect(result).toMatchObject({ sent: 10, failed: 10, unanswered: 0, stale: 0, errors: { '57P01': 10 } });
});

test('a read is stale when it shows less than the primary had so long before', async () => {
  const texts = ['4000', '3999', '5000', 'note 1'];

  const result = await runLoad(async (index) => texts[index % 4], { ...options, rate: 400, graceMs: 1_000 });

  expect(result).toMatchObject({ sent: 4, failed: 0, stale: 2, divergent: 0 });
});

test('the primary is asked for what it had when the bound was, before the read was sent', async () => {
  const begin = performance.now();
  const asked: number[] = [];
  const primaryHad = (at: number) => asked.push(at);

  await runLoad(async () => '1e9', { ...options, primaryHad, staleMs: 60_000, graceMs: 1_000 });

  expect(asked).toHaveLength(10);
  expect(Math.max(...asked)).toBeLessThanOrEqual(performance.now() - 60_000);
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(begin - 60_000);
});

test('a read of what the primary never had is divergent', async () => {
  const result = await runLoad(async () => DIVERGENT, { ...options, graceMs: 1_000 });

  expect(result).toMatchObject({ failed: 0, stale: 0, divergent: 10 });
});

test('a read without a row has failed', async () => {
  const result = await runLoad(async () => undefined, { ...options, graceMs: 1_000 });

  expect(result).toMatchObject({ failed: 10, errors: { 'no row': 10 } });
});

test('what is never answered is cut off, and counts as failed', async () => {
  const result = await runLoad(() => new Promise<string>(() => undefined), options);

  expect(result).toMatchObject({ sent: 10, failed: 10, unanswered: 10 });
  expect(result.longestMs).toBeGreaterThan(0);
});

test('what comes after the cut-off is not counted again', async () => {
  const refusals: (() => void)[] = [];
  const read = () => new Promise<string>((_, reject) => refusals.push(() => reject(new Error('late'))));

  const result = await runLoad(read, options);
  for (const refuse of refusals) refuse();
  await new Promise(setImmediate);

  expect(result.failed).toBe(10);
  expect(result.errors).toEqual({});
});

test('the code of an error is found below what an ORM put around it', () => {
  const error = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });

  for (const key of ['cause', 'original', 'parent', 'driverError']) {
    expect(codeOf(Object.assign(new Error('the query failed'), { [key]: error }))).toBe('ECONNREFUSED');
  }
});

test('without a code it is what the innermost error says', () => {
  expect(codeOf(new Error('Failed query: select', { cause: new Error('timeout\nat once') }))).toBe('timeout');
});

test('what was thrown and is no error is told as it is', () => {
  expect(codeOf('refused')).toBe('refused');
});
