import { type Facts, type MemberState, stateOfReader, stateOfWriter } from '../../../lib/members/state';
import { sighting } from '../../support/sightings';

const NO_LAG = { seconds: 0, bytes: 0 };
const BEHIND = { seconds: 2, bytes: 4_096 };

test.each<[string, Facts, MemberState]>([
  ['not seen yet is joining', {}, { kind: 'joining' }],
  ['within the bound is serving', { sighting: sighting(), lag: NO_LAG }, { kind: 'serving', lag: NO_LAG }],
  ['past the bound is lagging', { sighting: sighting(), lag: BEHIND }, { kind: 'lagging', lag: BEHIND }],
  ['at an unknown distance is lagging, not healthy', { sighting: sighting() }, { kind: 'lagging', lag: undefined }],
  [
    'without a receiver is disconnected, even at no distance',
    { sighting: sighting({ receiving: false }), lag: NO_LAG },
    { kind: 'disconnected', lag: NO_LAG, reason: 'no WAL receiver' },
  ],
  [
    'out of recovery on a timeline of its own is promoted',
    { sighting: sighting({ recovering: false, timeline: 2 }), lag: NO_LAG },
    { kind: 'promoted' },
  ],
  [
    'out of recovery on the primary’s timeline is the primary, under another name',
    { sighting: sighting({ recovering: false, timeline: 1 }), lag: NO_LAG },
    { kind: 'writing' },
  ],
  [
    'that does not answer is unreachable, whatever it said before',
    { sighting: sighting(), failure: 'reset', lag: NO_LAG },
    { kind: 'ejected', reason: 'reset' },
  ],
])('a reader %s', (_, facts, state) => {
  expect(stateOfReader(facts, 1, 1_000)).toEqual(state);
});

test.each<[string, Facts, MemberState['kind']]>([
  ['not seen yet is joining', {}, 'joining'],
  ['out of recovery is serving', { sighting: sighting({ recovering: false }) }, 'serving'],
  ['in recovery is demoted', { sighting: sighting({ recovering: true }) }, 'demoted'],
  ['that does not answer is unreachable', { failure: 'reset' }, 'ejected'],
])('a writer %s', (_, facts, kind) => {
  expect(stateOfWriter(facts).kind).toBe(kind);
});
