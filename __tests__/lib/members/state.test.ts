import fc from 'fast-check';
import {
  type Facts,
  type MemberEvent,
  type MemberState,
  stateOfReader,
  stateOfWriter,
  transition,
  type View,
} from '../../../lib/members/state';
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

test.each<[string, number | undefined, number, MemberState['kind']]>([
  ['at the bound exactly serves', 1, 2_000, 'serving'],
  ['just past the bound lags', 1, 1_999, 'lagging'],
  ['on another timeline than the primary’s is disconnected', 2, 2_000, 'disconnected'],
  ['is not held to a timeline that nobody has seen', undefined, 2_000, 'serving'],
])('a reader that is 2 s behind and %s', (_, primaryTimeline, boundMs, kind) => {
  expect(stateOfReader({ sighting: sighting(), lag: BEHIND }, primaryTimeline, boundMs).kind).toBe(kind);
});

test('a reader out of recovery is promoted while the primary’s timeline is not known, or its own is not', () => {
  expect(stateOfReader({ sighting: sighting({ recovering: false }) }, undefined, 1_000).kind).toBe('promoted');
  const untold = sighting({ recovering: false, timeline: undefined });
  expect(stateOfReader({ sighting: untold }, undefined, 1_000).kind).toBe('promoted');
});

describe('from state to state', () => {
  const REPLICA: View = { role: 'replica', primaryTimeline: 1, boundMs: 1_000 };
  const WRITER: View = { ...REPLICA, role: 'primary' };
  const FRESH: Facts = { sighting: sighting(), lag: NO_LAG };
  const SERVING: MemberState = { kind: 'serving', lag: NO_LAG };
  const FENCE: MemberEvent = { kind: 'fence', reason: 'blue is the primary' };

  function follow(from: MemberState, ...events: readonly MemberEvent[]): MemberState {
    return events.reduce(transition, from);
  }

  test('what is seen outlasts what was seen', () => {
    const lost = { kind: 'facts', facts: { failure: 'reset' }, view: REPLICA } as const;
    expect(follow({ kind: 'joining' }, { kind: 'facts', facts: FRESH, view: REPLICA })).toEqual(SERVING);
    expect(follow(SERVING, lost)).toEqual({ kind: 'ejected', reason: 'reset' });
    expect(follow(SERVING, lost, { kind: 'facts', facts: FRESH, view: REPLICA })).toEqual(SERVING);
  });

  test('a writer is judged as a writer', () => {
    const facts: Facts = { sighting: sighting({ recovering: false }) };
    expect(follow({ kind: 'joining' }, { kind: 'facts', facts, view: WRITER }).kind).toBe('serving');
    expect(follow({ kind: 'joining' }, { kind: 'facts', facts, view: REPLICA }).kind).toBe('writing');
  });

  test('a breaker that opens ejects, with its reason, until it lets statements through again', () => {
    const open = { ...REPLICA, tripped: 'its breaker is open' };
    const ejected: MemberState = { kind: 'ejected', reason: 'its breaker is open' };
    expect(follow(SERVING, { kind: 'tripped', reason: 'its breaker is open' })).toEqual(ejected);
    expect(follow(ejected, { kind: 'facts', facts: FRESH, view: open })).toEqual(ejected);
    expect(follow(ejected, { kind: 'admitted', facts: FRESH, view: REPLICA })).toEqual(SERVING);
  });

  test.each<[MemberState['kind'], Facts, View]>([
    ['promoted', { sighting: sighting({ recovering: false, timeline: 2 }) }, REPLICA],
    ['demoted', { sighting: sighting() }, WRITER],
  ])('that a member is %s says more than that its breaker is open', (kind, facts, view) => {
    const state = follow({ kind: 'joining' }, { kind: 'facts', facts, view: { ...view, tripped: 'open' } });
    expect(state.kind).toBe(kind);
    expect(follow(state, { kind: 'tripped', reason: 'open' }).kind).toBe(kind);
  });

  test('a drained member is judged by its facts once it is taken back, its breaker too', () => {
    const drained = follow(SERVING, { kind: 'drain' });
    expect(drained).toEqual({ kind: 'draining' });
    expect(follow(drained, { kind: 'undrain', facts: FRESH, view: REPLICA })).toEqual(SERVING);
    const open = { ...REPLICA, tripped: 'its breaker is open' };
    expect(follow(drained, { kind: 'undrain', facts: FRESH, view: open }).kind).toBe('ejected');
  });

  test('a primary of before is fenced for the reason of its successor, drained or not', () => {
    expect(follow(SERVING, FENCE)).toEqual({ kind: 'fenced', reason: 'blue is the primary' });
    expect(follow(SERVING, { kind: 'drain' }, FENCE)).toEqual({ kind: 'fenced', reason: 'blue is the primary' });
  });

  const view = fc.record({
    role: fc.constantFrom('primary' as const, 'replica' as const),
    primaryTimeline: fc.constantFrom(undefined, 1, 2),
    boundMs: fc.constantFrom(0, 1_000),
    tripped: fc.constantFrom(undefined, 'its breaker is open'),
  });
  const facts: fc.Arbitrary<Facts> = fc.record(
    {
      sighting: fc
        .record({ recovering: fc.boolean(), receiving: fc.boolean(), timeline: fc.constantFrom(1, 2) })
        .map((seen) => sighting(seen)),
      failure: fc.constant('reset'),
      lag: fc.constantFrom(NO_LAG, BEHIND),
    },
    { requiredKeys: [] },
  );
  const seen: fc.Arbitrary<MemberEvent> = fc.oneof(
    fc.record({ kind: fc.constantFrom('facts' as const, 'admitted' as const), facts, view }),
    fc.constant<MemberEvent>({ kind: 'tripped', reason: 'its breaker is open' }),
  );
  const ordered: fc.Arbitrary<MemberEvent> = fc.oneof(
    fc.constantFrom<MemberEvent>({ kind: 'drain' }, { kind: 'remove' }, FENCE),
    fc.record({ kind: fc.constant('undrain' as const), facts, view }),
  );
  const START: MemberState = { kind: 'joining' };

  test('gone is final', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(seen, ordered)), fc.array(fc.oneof(seen, ordered)), (before, then) => {
        expect(follow(START, ...before, { kind: 'remove' }, ...then)).toEqual({ kind: 'gone' });
      }),
    );
  });

  test.each<MemberEvent>([{ kind: 'drain' }, FENCE])('$kind outlasts whatever is seen', (order) => {
    fc.assert(
      fc.property(fc.array(seen), fc.array(seen), (before, then) => {
        const ordered = follow(START, ...before, order);
        expect(follow(ordered, ...then)).toEqual(ordered);
      }),
    );
  });

  test('a fence is not taken down by orders for replicas', () => {
    const orders: fc.Arbitrary<MemberEvent> = fc.oneof(
      fc.constant<MemberEvent>({ kind: 'drain' }),
      fc.record({ kind: fc.constant('undrain' as const), facts, view }),
      seen,
    );
    fc.assert(
      fc.property(fc.array(orders), (then) => {
        expect(follow(START, FENCE, ...then).kind).toBe('fenced');
      }),
    );
  });

  test('whatever comes, nobody serves who was last seen silent, or with its breaker open', () => {
    const bad = fc
      .record({ kind: fc.constant('facts' as const), facts, view })
      .filter((event) => event.facts.failure !== undefined || event.view.tripped !== undefined);
    fc.assert(
      fc.property(fc.array(fc.oneof(seen, ordered)), bad, (before, last) => {
        expect(['serving', 'lagging', 'disconnected']).not.toContain(follow(START, ...before, last).kind);
      }),
    );
  });
});
