import { Session, type SessionMember } from '../../../lib/session/session';
import { worthWaiting } from '../../../lib/session/wait';
import { sighting } from '../../support/sightings';

const session = new Session();

function replica(facts: Partial<SessionMember['facts']> = {}): SessionMember {
  return {
    name: 'blue',
    incarnation: 0,
    facts: { sighting: sighting(), lag: { seconds: 0.005, bytes: 100 }, ...facts },
  };
}

test('a replica that was less far behind than the wait is long is worth it', () => {
  expect(worthWaiting(session, [replica()], 50)).toBe(true);
});

test('one of many is enough', () => {
  expect(worthWaiting(session, [replica({ failure: 'gone' }), replica()], 50)).toBe(true);
});

test.each<[string, Partial<SessionMember['facts']>]>([
  ['is further behind', { lag: { seconds: 0.05, bytes: 100 } }],
  ['is behind by no one knows how much', { lag: { seconds: Number.POSITIVE_INFINITY, bytes: 100 } }],
  ['does not answer', { failure: 'no answer within 1000 ms' }],
  ['receives nothing', { sighting: sighting({ receiving: false }) }],
  ['was promoted', { sighting: sighting({ recovering: false }) }],
])('one that %s is not', (_, facts) => {
  expect(worthWaiting(session, [replica(facts)], 50)).toBe(false);
});

test('one that was never seen, or whose lag is unknown, is not', () => {
  const unseen = { name: 'blue', incarnation: 0, facts: {} };
  const unknown = { name: 'blue', incarnation: 0, facts: { sighting: sighting() } };

  expect(worthWaiting(session, [unseen, unknown], 50)).toBe(false);
});

test('one on a timeline before that of the token is not: it will never show it', () => {
  const resumed = new Session({ timeline: 2, lsn: 5n }, 0);

  expect(worthWaiting(resumed, [replica()], 50)).toBe(false);
  expect(worthWaiting(resumed, [replica({ sighting: sighting({ timeline: 2 }) })], 50)).toBe(true);
});

test('nobody waits for no time, nor for nobody', () => {
  expect(worthWaiting(session, [replica({ lag: { seconds: 0, bytes: 0 } })], 0)).toBe(false);
  expect(worthWaiting(session, [], 50)).toBe(false);
});
