import { readsBars, readsTable, summaries } from '../../bench/reads-report';

const round = (rate: number, p99: number) => ({ rate, p50: p99 / 2, p99 });

const rounds = new Map([
  ['bare', [round(100, 1), round(1_000, 10), round(200, 2)]],
  ['routed', [round(90, 2), round(950, 10), round(200, 2)]],
]);

test('a ratio is of the same round, so that a slow round does not count as a slow candidate', () => {
  const [, routed] = summaries(rounds);

  expect(routed).toMatchObject({ ratio: 0.95, p99Ratio: 1 });
});

test('rates and latencies are medians over the rounds', () => {
  const [bare] = summaries(rounds);

  expect(bare).toMatchObject({ rate: 200, p50: 1, p99: 2, ratio: 1 });
});

test('half of the rounds lie between the quartiles', () => {
  const [, routed] = summaries(rounds);

  expect(routed?.quartiles).toEqual([0.9, 1]);
});

test('the table has a row for each candidate, in order', () => {
  expect(readsTable(rounds).rows.map(([label]) => label)).toEqual(['bare', 'routed']);
});

test('a bar is as long as the ratio, and ours is marked', () => {
  const { label, bars } = readsBars(10, rounds, (name) => name === 'routed');

  expect(label).toBe('10 callers');
  expect(bars).toMatchObject([
    { label: 'bare', value: 1, ours: false },
    { label: 'routed', value: 0.95, ours: true },
  ]);
});
