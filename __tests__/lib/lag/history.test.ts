import fc from 'fast-check';
import { LsnHistory } from '../../../lib/lag/history';

function historyOf(...samples: [lsn: bigint, at: number][]): LsnHistory {
  const history = new LsnHistory();
  for (const [lsn, at] of samples) history.add(lsn, at);
  return history;
}

test('a replica that has replayed the newest position is as fresh as the sample', () => {
  expect(historyOf([100n, 0], [200n, 500]).provenAt(200n)).toBe(500);
});

test('an idle primary ages nobody: the same position seen again proves it anew', () => {
  expect(historyOf([100n, 0], [100n, 500], [100n, 1_000]).provenAt(100n)).toBe(1_000);
});

test('a replica between two positions is as fresh as the older one', () => {
  expect(historyOf([100n, 0], [200n, 500]).provenAt(199n)).toBe(0);
});

test('of a position older than all that is remembered nothing is known', () => {
  expect(historyOf([100n, 0]).provenAt(99n)).toBeUndefined();
  expect(new LsnHistory().provenAt(1n)).toBeUndefined();
});

test('the primary passed a position when it was first seen beyond it, however long it stayed there', () => {
  const history = historyOf([100n, 0], [200n, 500], [200n, 9_000]);
  expect(history.passedAt(99n)).toBe(0);
  expect(history.passedAt(100n)).toBe(500);
  expect(history.passedAt(199n)).toBe(500);
  expect(history.passedAt(200n)).toBeUndefined();
});

test('only so many positions are remembered', () => {
  const history = new LsnHistory(2);
  history.add(1n, 10);
  history.add(2n, 20);
  history.add(3n, 30);
  expect(history.provenAt(1n)).toBeUndefined();
  expect(history.provenAt(2n)).toBe(20);
});

test('a position that went back belongs to another log: what was known before is forgotten', () => {
  const history = historyOf([100n, 0], [50n, 500]);
  expect(history.newest).toBe(50n);
  expect(history.provenAt(60n)).toBe(500);
});

test('clear forgets all', () => {
  const history = historyOf([100n, 0]);
  history.clear();
  expect(history.newest).toBeUndefined();
});

test('law: the proof is the time of the newest sample at or before the position', () => {
  const steps = fc.array(fc.record({ bytes: fc.bigInt({ min: 0n, max: 5n }), ms: fc.integer({ min: 0, max: 10 }) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, fc.bigInt({ min: 0n, max: 320n }), (grown, position) => {
      const samples: [bigint, number][] = [];
      let lsn = 0n;
      let at = 0;
      for (const step of grown) {
        lsn += step.bytes;
        at += step.ms;
        samples.push([lsn, at]);
      }
      const expected = samples.filter(([sampled]) => sampled <= position).at(-1)?.[1];
      expect(historyOf(...samples).provenAt(position)).toBe(expected);
    }),
  );
});
