import { promotionOf } from '../../../lib/topology/promotion';
import { sighting } from '../../support/sightings';

const standby = sighting({ at: 1 });
const primary = sighting({ at: 2, recovering: false, lsn: 1_100n, timeline: 2 });
const first = { at: 2, lsn: 1_100n, timeline: 2 };

test('a member in recovery was not promoted', () => {
  expect(promotionOf(undefined, undefined, standby)).toBeUndefined();
  expect(promotionOf(undefined, standby, standby)).toBeUndefined();
});

test('the first sighting out of recovery is remembered', () => {
  expect(promotionOf(undefined, standby, primary)).toEqual(first);
});

test('what it says later changes nothing', () => {
  expect(promotionOf(first, primary, { ...primary, at: 9, lsn: 9_000n })).toBe(first);
});

test('a member that was out of recovery from the beginning may have been promoted any time before', () => {
  expect(promotionOf(undefined, undefined, primary)).toEqual({ ...first, at: Number.NEGATIVE_INFINITY });
});

test('a member that is in recovery again is forgotten, and so may be promoted again', () => {
  expect(promotionOf(first, primary, standby)).toBeUndefined();
});

test('a further timeline is a further promotion', () => {
  expect(promotionOf(first, primary, { ...primary, at: 9, lsn: 1_200n, timeline: 3 })).toEqual({
    at: 9,
    lsn: 1_200n,
    timeline: 3,
  });
});
