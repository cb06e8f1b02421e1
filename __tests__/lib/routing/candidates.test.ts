import type { Facts } from '../../../lib/members/state';
import { candidates, type PrimaryView } from '../../../lib/routing/candidates';
import { sighting } from '../../support/sightings';

const NOW = 10_000;
const PRIMARY: PrimaryView = { reachable: true, timeline: 1, lsn: 1_000n };
const PRIMARY_LOST: PrimaryView = { ...PRIMARY, reachable: false };
const DEFAULT_BOUND = { maxStalenessMs: 1_000, explicit: false };
const EXPLICIT_BOUND = { maxStalenessMs: 1_000, explicit: true };

function replica(facts: Facts) {
  return { name: 'blue', weight: 1, facts };
}

const FRESH: Facts = { sighting: sighting({ lsn: 1_000n }), provenAt: NOW - 200, lag: { seconds: 0, bytes: 0 } };
const STALE: Facts = { ...FRESH, provenAt: NOW - 1_500 };

test('a replica proved fresh within the bound is fit', () => {
  const blue = replica(FRESH);
  expect(candidates([blue], DEFAULT_BOUND, PRIMARY, NOW)).toEqual({ fit: [blue], reserve: [], passedOver: [] });
});

test('a proof exactly as old as the bound still counts', () => {
  const blue = replica({ ...FRESH, provenAt: NOW - 1_000 });
  expect(candidates([blue], DEFAULT_BOUND, PRIMARY, NOW).fit).toEqual([blue]);
});

test('a proof expires by itself: a replica that stopped answering is passed over without anybody noticing its death', () => {
  const { fit, passedOver } = candidates([replica(STALE)], DEFAULT_BOUND, PRIMARY, NOW);
  expect(fit).toEqual([]);
  expect(passedOver).toEqual([{ member: 'blue', reason: 'not proved fresher than 1500 ms' }]);
});

test('a replica whose lag is unknown is passed over', () => {
  const { passedOver } = candidates([replica({ ...FRESH, provenAt: undefined })], DEFAULT_BOUND, PRIMARY, NOW);
  expect(passedOver).toEqual([{ member: 'blue', reason: 'lag unknown' }]);
});

test('without a bound any replica that replicates is fit, even at unknown lag', () => {
  const blue = replica({ ...FRESH, provenAt: undefined });
  expect(candidates([blue], { maxStalenessMs: Number.POSITIVE_INFINITY, explicit: true }, PRIMARY, NOW).fit).toEqual([
    blue,
  ]);
});

test.each<[string, Facts, string]>([
  ['has not been seen', {}, 'not seen yet'],
  ['does not answer', { ...FRESH, failure: 'connect ECONNREFUSED' }, 'unreachable: connect ECONNREFUSED'],
  ['was promoted', { ...FRESH, sighting: sighting({ recovering: false }) }, 'promoted'],
])('a replica that %s is passed over, whatever the bound, and is no reserve either', (_, facts, reason) => {
  for (const maxStalenessMs of [1_000, Number.POSITIVE_INFINITY]) {
    const result = candidates([replica(facts)], { maxStalenessMs, explicit: false }, PRIMARY_LOST, NOW);
    expect(result).toEqual({ fit: [], reserve: [], passedOver: [{ member: 'blue', reason }] });
  }
});

test('a replica without a receiver serves only when the primary has failed too, and only while its proof holds', () => {
  const cutOff = replica({ ...FRESH, sighting: sighting({ receiving: false }) });
  expect(candidates([cutOff], EXPLICIT_BOUND, PRIMARY, NOW)).toEqual({
    fit: [],
    reserve: [cutOff],
    passedOver: [{ member: 'blue', reason: 'no WAL receiver' }],
  });
  expect(candidates([cutOff], EXPLICIT_BOUND, PRIMARY, NOW + 5_000).reserve).toEqual([]);
});

test('while the primary is gone, a replica with all that it wrote stands in for reads without a bound of their own', () => {
  const blue = replica(STALE);
  expect(candidates([blue], DEFAULT_BOUND, PRIMARY_LOST, NOW).reserve).toEqual([blue]);
  expect(candidates([blue], DEFAULT_BOUND, PRIMARY, NOW).reserve).toEqual([]);
});

test('a bound that the caller named is never stretched', () => {
  expect(candidates([replica(STALE)], EXPLICIT_BOUND, PRIMARY_LOST, NOW).reserve).toEqual([]);
});

test('a replica that misses something the primary wrote does not stand in for it', () => {
  const behind = replica({ ...STALE, sighting: sighting({ lsn: 999n }) });
  expect(candidates([behind], DEFAULT_BOUND, PRIMARY_LOST, NOW).reserve).toEqual([]);
});
