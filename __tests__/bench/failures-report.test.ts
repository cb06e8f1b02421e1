import { badShare, failureBars, outcomesTable } from '../../bench/failures-report';

const result = {
  sent: 1_000,
  failed: 40,
  unanswered: 0,
  stale: 8,
  divergent: 2,
  longestMs: 123.4,
  p99Ms: 9,
  errors: { ECONNRESET: 1, ECONNREFUSED: 36, '57P03': 2, XX000: 1 },
};

test('a row tells what became of the reads, and the most frequent errors', () => {
  const { rows } = outcomesTable([{ label: 'peer', result }]);

  expect(rows).toEqual([
    ['peer', '1000', '40', '0', '8', '2', '123 ms', '36 × ECONNREFUSED, 2 × 57P03, 1 × ECONNRESET'],
  ]);
});

test('of reads that were cut off the longest wait is a lower bound', () => {
  const { rows } = outcomesTable([{ label: 'peer', result: { ...result, unanswered: 3 } }]);

  expect(rows[0]?.[6]).toBe('≥ 123 ms');
});

test('who did not start has the reason in its row', () => {
  const { rows } = outcomesTable([{ label: 'peer', refused: 'does not start: ECONNREFUSED' }]);

  expect(rows).toEqual([['peer', '–', 'all', '–', '–', '–', '–', 'does not start: ECONNREFUSED']]);
});

test('failed, stale and divergent reads are all bad', () => {
  expect(badShare({ label: 'peer', result })).toBe(0.05);
});

test('who did not start served nothing', () => {
  expect(badShare({ label: 'peer', refused: 'process died: ECONNRESET' })).toBe(1);
});

test('a load without reads had no bad ones', () => {
  expect(badShare({ label: 'peer', result: { ...result, sent: 0 } })).toBe(0);
});

test('a bar is as long as the share, and says it with the longest wait', () => {
  const { bars } = failureBars({ what: 'A fault' }, [{ label: 'ours', ours: true, result }]);

  expect(bars).toEqual([{ label: 'ours', ours: true, value: 0.05, text: '5.0 %, longest 123 ms' }]);
});

test('what is not nothing does not look like nothing', () => {
  const one = { ...result, sent: 100_000, failed: 1, stale: 0, divergent: 0 };

  expect(failureBars({ what: 'A fault' }, [{ label: 'peer', result: one }]).bars[0]?.text).toContain('< 0.1 %');
});

test('nothing is nothing', () => {
  const none = { ...result, failed: 0, stale: 0, divergent: 0 };

  expect(failureBars({ what: 'A fault' }, [{ label: 'peer', result: none }]).bars[0]?.text).toContain('0.0 %');
});
