import fc from 'fast-check';
import type { Facts, MemberState } from '../../../lib/members/state';
import { judge, reasonOf, type Verdict } from '../../../lib/routing/judge';
import { Session } from '../../../lib/session/session';
import { sighting } from '../../support/sightings';
import {
  ANY_AGE,
  CUT_OFF,
  DEFAULT_BOUND,
  EXPLICIT_BOUND,
  FRESH,
  NOW,
  PRIMARY,
  PRIMARY_LOST,
  policy,
  reader,
  STALE,
  tripped,
} from './readers';

/** Somebody who wrote just now. */
function writer(): Session {
  const session = new Session();
  session.wrote(NOW);
  return session;
}

test('a replica proved fresh within the bound is fit, and there is nothing to say against it', () => {
  expect(judge(reader(FRESH), DEFAULT_BOUND, PRIMARY, NOW)).toBe('fit');
  expect(reasonOf(reader(FRESH), DEFAULT_BOUND, PRIMARY, NOW)).toBeUndefined();
});

test('a proof exactly as old as the bound still counts, and one any older does not', () => {
  const blue = reader({ ...FRESH, provenAt: NOW - 1_000 });
  expect(judge(blue, DEFAULT_BOUND, PRIMARY, NOW)).toBe('fit');
  expect(judge(blue, DEFAULT_BOUND, PRIMARY, NOW + 0.001)).toBe('unfit');
});

test('a bound of 0 takes what is proved as of this very moment', () => {
  const now = policy({ maxStalenessMs: 0, explicit: true });
  expect(judge(reader({ ...FRESH, provenAt: NOW }), now, PRIMARY, NOW)).toBe('fit');
  expect(judge(reader({ ...FRESH, provenAt: NOW - 1 }), now, PRIMARY, NOW)).toBe('unfit');
});

test('a proof expires by itself: a replica that stopped answering is passed over without anybody noticing its death', () => {
  expect(judge(reader(STALE), DEFAULT_BOUND, PRIMARY, NOW)).toBe('unfit');
  expect(reasonOf(reader(STALE), DEFAULT_BOUND, PRIMARY, NOW)).toBe('not proved fresher than 1500 ms');
});

test('a replica whose lag is unknown is passed over', () => {
  const blue = reader({ ...FRESH, provenAt: undefined });
  expect(judge(blue, DEFAULT_BOUND, PRIMARY, NOW)).toBe('unfit');
  expect(reasonOf(blue, DEFAULT_BOUND, PRIMARY, NOW)).toBe('lag unknown');
});

test('without a bound any replica that replicates is fit, even at unknown lag', () => {
  const blue = reader({ ...FRESH, provenAt: undefined });
  expect(judge(blue, ANY_AGE, PRIMARY, NOW)).toBe('fit');
  expect(reasonOf(blue, ANY_AGE, PRIMARY, NOW)).toBeUndefined();
});

test.each<[string, Facts, string]>([
  ['has not been seen', {}, 'not seen yet'],
  ['does not answer', { ...FRESH, failure: 'connect ECONNREFUSED' }, 'unreachable: connect ECONNREFUSED'],
  ['was promoted', { ...FRESH, sighting: sighting({ recovering: false }) }, 'promoted'],
])('a replica that %s is passed over, whatever the bound, and is no reserve either', (_, facts, reason) => {
  for (const asked of [DEFAULT_BOUND, ANY_AGE]) {
    expect(judge(reader(facts), asked, PRIMARY_LOST, NOW)).toBe('unfit');
    expect(reasonOf(reader(facts), asked, PRIMARY_LOST, NOW)).toBe(reason);
  }
});

test('a reader of a cluster that is the primary under another name is passed over as that', () => {
  const instance = reader({ ...FRESH, sighting: sighting({ recovering: false }) }, { state: { kind: 'writing' } });
  expect(judge(instance, ANY_AGE, PRIMARY, NOW)).toBe('unfit');
  expect(reasonOf(instance, ANY_AGE, PRIMARY, NOW)).toBe('is the primary');
});

test.each<[MemberState, string]>([
  [{ kind: 'draining' }, 'draining'],
  [{ kind: 'gone' }, 'gone'],
  [{ kind: 'fenced', reason: 'blue is the primary' }, 'fenced: blue is the primary'],
])(
  'a member that is out by order ($kind) is passed over, fresh as it is, and is no reserve either',
  (state, reason) => {
    const blue = reader(FRESH, { state });
    expect(judge(blue, ANY_AGE, PRIMARY_LOST, NOW)).toBe('unfit');
    expect(reasonOf(blue, ANY_AGE, PRIMARY_LOST, NOW)).toBe(reason);
  },
);

test('a replica without a receiver serves only when the primary has failed too, and only while its proof holds', () => {
  expect(judge(reader(CUT_OFF), EXPLICIT_BOUND, PRIMARY, NOW)).toBe('reserve');
  expect(reasonOf(reader(CUT_OFF), EXPLICIT_BOUND, PRIMARY, NOW)).toBe('no WAL receiver');
  expect(judge(reader(CUT_OFF), EXPLICIT_BOUND, PRIMARY, NOW + 5_000)).toBe('unfit');
});

test('a replica on another timeline than the primary hears nothing of it', () => {
  const elsewhere = reader({ ...FRESH, sighting: sighting({ timeline: 2 }) });
  expect(judge(elsewhere, DEFAULT_BOUND, PRIMARY, NOW)).toBe('reserve');
  expect(reasonOf(elsewhere, DEFAULT_BOUND, PRIMARY, NOW)).toBe('follows timeline 2, the primary is on 1');
});

test('while the primary is gone, a replica with all that it wrote stands in for reads without a bound of their own', () => {
  expect(judge(reader(STALE), DEFAULT_BOUND, PRIMARY_LOST, NOW)).toBe('reserve');
  expect(judge(reader(STALE), DEFAULT_BOUND, PRIMARY, NOW)).toBe('unfit');
});

test('a bound that the caller named is never stretched', () => {
  expect(judge(reader(STALE), EXPLICIT_BOUND, PRIMARY_LOST, NOW)).toBe('unfit');
});

test('a replica that misses something the primary wrote does not stand in for it', () => {
  const behind = reader({ ...STALE, sighting: sighting({ lsn: 999n }) });
  expect(judge(behind, DEFAULT_BOUND, PRIMARY_LOST, NOW)).toBe('unfit');
});

test('nobody stands in for a primary that was never seen: what it wrote is not known', () => {
  expect(judge(reader(STALE), DEFAULT_BOUND, { ...PRIMARY_LOST, lsn: undefined }, NOW)).toBe('unfit');
});

test('a replica that is fresh enough but for the session is behind, and says of what', () => {
  const asked = policy({ session: writer() });
  expect(judge(reader(FRESH), asked, PRIMARY, NOW)).toBe('behind');
  expect(reasonOf(reader(FRESH), asked, PRIMARY, NOW)).toBe('behind the writes of the session');
});

test('no reserve is older than its session, even with the primary gone', () => {
  expect(judge(reader(CUT_OFF), policy({ session: writer() }), PRIMARY, NOW)).toBe('unfit');
  expect(judge(reader(STALE), policy({ session: writer() }), PRIMARY_LOST, NOW)).toBe('unfit');
});

test('a replica whose breaker opened by itself is kept for the worst, and one that a person opened is not', () => {
  expect(judge(tripped(), DEFAULT_BOUND, PRIMARY, NOW)).toBe('tripped');
  expect(judge(tripped({ forcedOpen: true }), DEFAULT_BOUND, PRIMARY, NOW)).toBe('unfit');
  expect(reasonOf(tripped(), DEFAULT_BOUND, PRIMARY, NOW)).toBe('its breaker is open');
  expect(reasonOf(tripped({ forcedOpen: true }), DEFAULT_BOUND, PRIMARY, NOW)).toBe('its breaker was opened by hand');
});

test('a breaker is asked as of now', () => {
  const half = reader(FRESH, { allows: (now) => now > NOW });
  expect(judge(half, DEFAULT_BOUND, PRIMARY, NOW)).toBe('tripped');
  expect(judge(half, DEFAULT_BOUND, PRIMARY, NOW + 1)).toBe('fit');
});

describe('whatever is known of a reader', () => {
  const state = fc.constantFrom<MemberState>(
    { kind: 'joining' },
    { kind: 'serving', lag: { seconds: 0, bytes: 0 } },
    { kind: 'lagging', lag: undefined },
    { kind: 'draining' },
    { kind: 'gone' },
    { kind: 'writing' },
    { kind: 'fenced', reason: 'blue is the primary' },
  );
  const facts = fc.record(
    {
      sighting: fc
        .record({
          recovering: fc.boolean(),
          receiving: fc.boolean(),
          timeline: fc.nat({ max: 2 }),
          lsn: fc.bigInt(998n, 1_002n),
        })
        .map((seen) => sighting(seen)),
      failure: fc.constant('reset'),
      provenAt: fc.nat({ max: NOW }),
    },
    { requiredKeys: [] },
  );
  const situation = fc.record({
    facts,
    state,
    open: fc.constantFrom(undefined, 'tripped', 'forced'),
    primary: fc.constantFrom(PRIMARY, PRIMARY_LOST),
    maxStalenessMs: fc.constantFrom(0, 1_000, 5_000, Number.POSITIVE_INFINITY),
    explicit: fc.boolean(),
    session: fc.constantFrom(undefined, 'wrote'),
  });

  function verdictOf({
    facts,
    state,
    open,
    primary,
    maxStalenessMs,
    explicit,
    session,
  }: typeof situation extends fc.Arbitrary<infer S> ? S : never) {
    const blue = reader(facts, { state, forcedOpen: open === 'forced', allows: () => open === undefined });
    const asked = policy({ maxStalenessMs, explicit, session: session === undefined ? undefined : writer() });
    return { verdict: judge(blue, asked, primary, NOW), reason: reasonOf(blue, asked, primary, NOW) };
  }

  test('it is fit exactly when there is nothing to say against it', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { verdict, reason } = verdictOf(given);
        expect(verdict === 'fit').toBe(reason === undefined);
      }),
    );
  });

  test('nobody is asked who is out of the caller’s bound', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { provenAt } = given.facts;
        const outside =
          given.maxStalenessMs < Number.POSITIVE_INFINITY &&
          (provenAt === undefined || NOW - provenAt > given.maxStalenessMs);
        fc.pre(given.explicit && outside);
        expect(verdictOf(given).verdict).toBe<Verdict>('unfit');
      }),
    );
  });

  test('nobody is asked who does not answer, is no standby, or is out by order', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { failure, sighting: seen } = given.facts;
        fc.pre(failure !== undefined || !seen?.recovering || ['draining', 'gone', 'fenced'].includes(given.state.kind));
        expect(verdictOf(given).verdict).toBe<Verdict>('unfit');
      }),
    );
  });
});
