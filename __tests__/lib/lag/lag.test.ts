import fc from 'fast-check';
import { LsnHistory } from '../../../lib/lag/history';
import { disconnection, hasReplayed, lagOf, provenAtOf } from '../../../lib/lag/lag';
import { sighting } from '../../support/sightings';

function history(): LsnHistory {
  const samples = new LsnHistory();
  samples.add(1_000n, 0);
  samples.add(2_000n, 500);
  return samples;
}

test('a replica that has replayed everything has no lag', () => {
  expect(lagOf(sighting({ lsn: 2_000n, at: 900 }), history())).toEqual({ seconds: 0, bytes: 0 });
});

test('a replica ahead of the last known position of the primary has no lag', () => {
  expect(lagOf(sighting({ lsn: 2_500n, at: 900 }), history())).toEqual({ seconds: 0, bytes: 0 });
});

test('lag is the time since the primary was last known to be no further, and the bytes in between', () => {
  expect(lagOf(sighting({ lsn: 1_500n, at: 900 }), history())).toEqual({ seconds: 0.9, bytes: 500 });
});

test('a replica behind all that is remembered is infinitely old, and its bytes are still known', () => {
  expect(lagOf(sighting({ lsn: 400n, at: 900 }), history())).toEqual({
    seconds: Number.POSITIVE_INFINITY,
    bytes: 1_600,
  });
});

test('lag is unknown before the primary was seen, and before the replica has replayed anything', () => {
  expect(lagOf(sighting({ lsn: 1n }), new LsnHistory())).toBeUndefined();
  expect(lagOf(sighting({ lsn: undefined }), history())).toBeUndefined();
});

describe('where a source knows ages itself', () => {
  test('the age is the lag, before the primary was seen and without a position too; bytes are not counted', () => {
    const unseen = new LsnHistory();
    expect(lagOf(sighting({ ageMs: 250 }), unseen)).toEqual({ seconds: 0.25, bytes: undefined });
    expect(lagOf(sighting({ lsn: undefined, ageMs: 250 }), history())).toEqual({ seconds: 0.25, bytes: undefined });
  });

  test('a position behind all that is remembered is as old as the source says', () => {
    expect(lagOf(sighting({ lsn: 1n, at: 900, ageMs: 250 }), history())?.seconds).toBe(0.25);
  });

  test('a replica with the primary’s newest position has no lag, however old the source’s news', () => {
    expect(lagOf(sighting({ lsn: 2_000n, at: 900, ageMs: 250 }), history())).toEqual({ seconds: 0, bytes: undefined });
  });

  test('the proof is the younger of the two: by its age, or by its position', () => {
    expect(provenAtOf(sighting({ lsn: 1_500n, at: 900, ageMs: 250 }), history())).toBe(650);
    expect(provenAtOf(sighting({ lsn: 2_000n, at: 900, ageMs: 1_250 }), history())).toBe(500);
    expect(provenAtOf(sighting({ lsn: undefined, at: 900, ageMs: 1_250 }), history())).toBe(-350);
  });
});

test('without an age the position alone is a proof, and without both there is none', () => {
  expect(provenAtOf(sighting({ lsn: 1_500n, at: 900 }), history())).toBe(0);
  expect(provenAtOf(sighting({ lsn: 1n, at: 900 }), history())).toBeUndefined();
  expect(provenAtOf(sighting({ lsn: undefined, at: 900 }), history())).toBeUndefined();
});

test('law: a lag in seconds is the time since the proof, or zero', () => {
  const sightings = fc.record({
    at: fc.integer({ min: 500, max: 5_000 }),
    lsn: fc.option(fc.bigInt({ min: 0n, max: 3_000n }), { nil: undefined }),
    ageMs: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(sightings, (seen) => {
      const lag = lagOf(sighting(seen), history());
      const provenAt = provenAtOf(sighting(seen), history());
      if (provenAt !== undefined) expect([0, (seen.at - provenAt) / 1_000]).toContain(lag?.seconds);
      else expect(lag?.seconds ?? Number.POSITIVE_INFINITY).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('a replica without a WAL receiver is disconnected, however little it lags', () => {
  expect(disconnection(sighting({ receiving: false }), 1)).toBe('no WAL receiver');
  expect(disconnection(sighting({ receiving: false, silence: 'not listed' }), 1)).toBe('not listed');
});

test('a replica on another timeline than the primary is disconnected', () => {
  expect(disconnection(sighting({ timeline: 1 }), 2)).toBe('follows timeline 1, the primary is on 2');
});

test('a timeline that nobody could read is not held against a replica', () => {
  expect(disconnection(sighting({ timeline: undefined }), 2)).toBeUndefined();
  expect(disconnection(sighting({ timeline: 1 }), undefined)).toBeUndefined();
});

test('what was not seen has replayed nothing', () => {
  expect(hasReplayed(undefined, 1n)).toBe(false);
  expect(hasReplayed(sighting({ lsn: 1n }), undefined)).toBe(false);
  expect(hasReplayed(sighting({ lsn: 1n }), 1n)).toBe(true);
  expect(hasReplayed(sighting({ lsn: 1n }), 2n)).toBe(false);
});
