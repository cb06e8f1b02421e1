import type { Policy, ToPrimary } from '../../../lib/policy/policy';
import { roundRobin } from '../../../lib/routing/balancers/round-robin';
import type { PrimaryView } from '../../../lib/routing/judge';
import { type Choice, Router } from '../../../lib/routing/router';
import { Session } from '../../../lib/session/session';
import {
  CUT_OFF,
  DEFAULT_BOUND,
  EXPLICIT_BOUND,
  FRESH,
  NOW,
  PRIMARY,
  PRIMARY_LOST,
  policy,
  type Reader,
  reader,
  STALE,
  tripped,
} from './readers';

const WRITER = reader({}, { name: 'primary' });
const BLUE = reader(FRESH);
const RED = reader(FRESH, { name: 'red' });
const GREEN_CUT_OFF = reader(CUT_OFF, { name: 'green' });
/** As a member's: the primary's breaker is open when a person said so, and never else. */
const WRITER_FORCED_OPEN = reader({}, { name: 'primary', forcedOpen: true, allows: () => false });

function router(readers: readonly Reader[], primary: PrimaryView = PRIMARY, writer: Reader = WRITER): Router<Reader> {
  return new Router({ writer, readers, primary }, roundRobin());
}

/** Whom a read asks when nobody answers, one after the other. */
function order(routing: Router<Reader>, asked: Policy = DEFAULT_BOUND, skipPrimary = false): string[] {
  const tried: Reader[] = [];
  const told: string[] = [];
  for (let choice = next(); choice && told.length < 10; choice = next()) {
    told.push(`${choice.member.name} as ${choice.as}`);
    tried.push(choice.member);
  }
  return told;

  function next(): Choice<Reader> | undefined {
    return routing.next(asked, tried, skipPrimary, NOW);
  }
}

function wrote(): Session {
  const session = new Session();
  session.wrote(NOW);
  return session;
}

test('fit replicas come first, then the primary, then what the bound still allows', () => {
  expect(order(router([BLUE, GREEN_CUT_OFF]))).toEqual([
    'blue as replica',
    'primary as fallback',
    'green as last resort',
  ]);
});

test('without a replica in the fleet the primary serves, and once more when the first connection was dead', () => {
  expect(order(router([]))).toEqual(['primary as primary', 'primary as primary']);
});

test.each<ToPrimary>(['strong', 'switched off', 'endpoint disabled', 'not in the rollout'])(
  'a read that is %s asks the primary alone, and once more when the first connection was dead',
  (toPrimary) => {
    expect(order(router([BLUE]), policy({ toPrimary }))).toEqual(['primary as primary', 'primary as primary']);
  },
);

test('the turn goes round between reads', () => {
  const routing = router([BLUE, RED]);
  const firsts = [1, 2, 3, 4].map(() => routing.next(DEFAULT_BOUND, [], false, NOW)?.member.name);
  expect(firsts).toEqual(['blue', 'red', 'blue', 'red']);
});

test('a primary that is known not to answer is asked last', () => {
  expect(order(router([BLUE, GREEN_CUT_OFF], PRIMARY_LOST))).toEqual([
    'blue as replica',
    'green as last resort',
    'primary as fallback',
  ]);
});

test('the turn goes round among the reserve too', () => {
  const routing = router([GREEN_CUT_OFF, reader(CUT_OFF, { name: 'red' })], PRIMARY_LOST);
  const firsts = [1, 2, 3, 4].map(() => routing.next(DEFAULT_BOUND, [], false, NOW)?.member.name);
  expect(firsts).toEqual(['green', 'red', 'green', 'red']);
});

test('no member is asked twice, however many are fit', () => {
  expect(order(router([BLUE, RED]))).toEqual(['blue as replica', 'red as replica', 'primary as fallback']);
});

test('a replica whose breaker is open is asked when the primary cannot take the read either', () => {
  expect(order(router([tripped()]))).toEqual(['primary as fallback', 'blue as last resort']);
  expect(order(router([tripped()]), DEFAULT_BOUND, true)).toEqual(['blue as last resort']);
});

test('a replica whose breaker a person opened is asked by nobody', () => {
  expect(order(router([tripped({ forcedOpen: true })], PRIMARY_LOST))).toEqual(['primary as fallback']);
});

test('a primary that refused a read is not asked again', () => {
  expect(order(router([BLUE, GREEN_CUT_OFF]), DEFAULT_BOUND, true)).toEqual([
    'blue as replica',
    'green as last resort',
  ]);
  expect(order(router([reader(STALE)]), EXPLICIT_BOUND, true)).toEqual([]);
});

test('a primary whose breaker a person opened takes no read, not even as the last', () => {
  expect(order(router([reader(STALE)], PRIMARY, WRITER_FORCED_OPEN), EXPLICIT_BOUND)).toEqual([]);
  expect(order(router([GREEN_CUT_OFF], PRIMARY, WRITER_FORCED_OPEN))).toEqual(['green as last resort']);
  expect(order(router([GREEN_CUT_OFF], PRIMARY_LOST, WRITER_FORCED_OPEN))).toEqual(['green as last resort']);
});

test.each<[string, Router<Reader>, Policy]>([
  ['that is strong', router([BLUE], PRIMARY, WRITER_FORCED_OPEN), policy({ toPrimary: 'strong' })],
  ['without a replica in the fleet', router([], PRIMARY, WRITER_FORCED_OPEN), DEFAULT_BOUND],
])('a read %s is taken by nobody while a person keeps the primary’s breaker open', (_, routing, asked) => {
  expect(order(routing, asked)).toEqual([]);
});

test('no guard against emptiness overrides a bound: who is too old is asked by nobody', () => {
  expect(order(router([reader(STALE)], PRIMARY_LOST), EXPLICIT_BOUND)).toEqual(['primary as fallback']);
});

test('what a choice was made of is forgotten with the next', () => {
  const readers = [BLUE, GREEN_CUT_OFF];
  const routing = router(readers);
  expect(routing.next(DEFAULT_BOUND, [], false, NOW)?.member).toBe(BLUE);
  readers.length = 0;
  readers.push(reader(STALE));
  expect(routing.next(DEFAULT_BOUND, [], true, NOW)).toBeUndefined();
});

describe('a read waits for its session', () => {
  test('when a replica would be fit without it, and none is with it', () => {
    expect(router([BLUE]).waitsForSession(policy({ session: wrote() }), NOW)).toBe(true);
  });

  test('but not when one is fit', () => {
    const caughtUp = reader({ ...FRESH, provenAt: NOW }, { name: 'red' });
    expect(router([BLUE, caughtUp]).waitsForSession(policy({ session: wrote() }), NOW)).toBe(false);
    expect(router([caughtUp, BLUE]).waitsForSession(policy({ session: wrote() }), NOW)).toBe(false);
  });

  test('nor when none would be fit anyway', () => {
    expect(router([reader(STALE)]).waitsForSession(policy({ session: wrote() }), NOW)).toBe(false);
  });

  test('nor when the primary is to be asked, or there is no session', () => {
    expect(router([BLUE]).waitsForSession(policy({ session: wrote(), toPrimary: 'switched off' }), NOW)).toBe(false);
    expect(router([reader(STALE)]).waitsForSession(DEFAULT_BOUND, NOW)).toBe(false);
  });
});

describe('for people', () => {
  test('each reader that is not fit is told with its reason', () => {
    const routing = router([BLUE, reader(STALE, { name: 'red' }), GREEN_CUT_OFF]);
    expect(routing.passedOver(DEFAULT_BOUND, NOW)).toEqual([
      { member: 'red', reason: 'not proved fresher than 1500 ms' },
      { member: 'green', reason: 'no WAL receiver' },
    ]);
  });

  test('of a read that asked for the primary nobody was passed over', () => {
    expect(router([reader(STALE)]).passedOver(policy({ toPrimary: 'strong' }), NOW)).toEqual([]);
  });

  test('a primary that a person keeps out is told of too', () => {
    const told = [{ member: 'primary', reason: 'its breaker was opened by hand' }];
    expect(router([BLUE], PRIMARY, WRITER_FORCED_OPEN).passedOver(DEFAULT_BOUND, NOW)).toEqual(told);
    expect(router([], PRIMARY, WRITER_FORCED_OPEN).passedOver(policy({ toPrimary: 'strong' }), NOW)).toEqual(told);
  });
});
