import { LsnHistory } from '../../../lib/lag/history';
import { disconnection, hasReplayed, lagOf } from '../../../lib/lag/lag';
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

test('a replica without a WAL receiver is disconnected, however little it lags', () => {
  expect(disconnection(sighting({ receiving: false }), 1)).toBe('no WAL receiver');
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
