import fc from 'fast-check';
import { BREAKER_DEFAULTS, Breaker, type BreakerOptions, type BreakerState } from '../../../lib/protection/breaker';

type Change = readonly [from: BreakerState['kind'], to: BreakerState['kind']];

function breakerWith(options: BreakerOptions = {}): { breaker: Breaker; changes: Change[] } {
  const changes: Change[] = [];
  const breaker = new Breaker({ ...BREAKER_DEFAULTS, ...options }, (from, to) => changes.push([from.kind, to.kind]));
  return { breaker, changes };
}

/** One that opened at 0, so that it may be tried from 30 s on. */
function opened(options: BreakerOptions = {}) {
  const made = breakerWith(options);
  for (let failure = 0; failure < 3; failure += 1) made.breaker.failed(0);
  made.changes.length = 0;
  return made;
}

/** One statement of its own, as a caller sends it. */
function attempt(breaker: Breaker, now: number, end: 'succeeded' | 'failed' | 'abandoned'): boolean {
  if (!breaker.allows(now)) return false;
  breaker[end](now, breaker.begin(now));
  return true;
}

test('the defaults are those of the documentation', () => {
  expect(BREAKER_DEFAULTS).toEqual({
    failures: 3,
    failureRate: 0.5,
    minimum: 20,
    windowMs: 10_000,
    openMs: 30_000,
    longestMs: 300_000,
    successes: 5,
  });
});

describe('closed', () => {
  test('everything goes through', () => {
    const { breaker } = breakerWith();
    expect(breaker.state(0)).toEqual({ kind: 'closed' });
    expect(breaker.allows(0)).toBe(true);
  });

  test('three failures in a row open it, two do not', () => {
    const { breaker, changes } = breakerWith();
    breaker.failed(1);
    breaker.failed(2);
    expect(breaker.allows(2)).toBe(true);
    breaker.failed(3);
    expect(breaker.state(3)).toEqual({ kind: 'open', forced: false, until: 30_003 });
    expect(changes).toEqual([['closed', 'open']]);
  });

  test('a success ends the row', () => {
    const { breaker } = breakerWith();
    breaker.failed(0);
    breaker.failed(0);
    breaker.succeeded(0);
    breaker.failed(0);
    breaker.failed(0);
    expect(breaker.state(0).kind).toBe('closed');
  });

  test('a statement that says nothing of the member does not end the row', () => {
    const { breaker } = breakerWith();
    breaker.failed(0);
    breaker.failed(0);
    breaker.abandoned(0);
    breaker.failed(0);
    expect(breaker.state(0).kind).toBe('open');
  });

  test('half of twenty failing opens it, though never three in a row', () => {
    const { breaker } = breakerWith();
    for (let pair = 0; pair < 9; pair += 1) {
      breaker.succeeded(pair);
      breaker.failed(pair);
    }
    breaker.succeeded(10);
    expect(breaker.state(10).kind).toBe('closed');
    breaker.failed(10);
    expect(breaker.state(10).kind).toBe('open');
  });

  test('below half it stays closed', () => {
    const { breaker } = breakerWith();
    for (let round = 0; round < 100; round += 1) {
      breaker.succeeded(round);
      breaker.succeeded(round);
      breaker.failed(round);
    }
    expect(breaker.state(100).kind).toBe('closed');
  });

  test('of too few statements no share is taken', () => {
    const { breaker } = breakerWith({ failures: 100 });
    for (let failure = 0; failure < 19; failure += 1) breaker.failed(0);
    expect(breaker.state(0).kind).toBe('closed');
    breaker.failed(0);
    expect(breaker.state(0).kind).toBe('open');
  });

  test('what failed before the window does not count for the share', () => {
    const { breaker } = breakerWith({ failures: 100 });
    for (let failure = 0; failure < 19; failure += 1) breaker.failed(0);
    breaker.failed(20_000);
    expect(breaker.state(20_000).kind).toBe('closed');
  });
});

describe('open', () => {
  test('nothing goes through until its time has come', () => {
    const { breaker } = opened();
    expect(breaker.allows(29_999)).toBe(false);
    expect(breaker.allows(30_000)).toBe(true);
  });

  test('a failure changes nothing', () => {
    const { breaker, changes } = opened();
    breaker.failed(29_000);
    expect(breaker.state(29_000)).toEqual({ kind: 'open', forced: false, until: 30_000 });
    expect(changes).toEqual([]);
  });

  test('nor does a success', () => {
    const { breaker } = opened();
    breaker.succeeded(1);
    expect(breaker.state(1).kind).toBe('open');
  });

  test('whoever is sent all the same has no say', () => {
    const { breaker } = opened({ successes: 1 });
    const ticket = breaker.begin(0);
    expect(breaker.state(30_000).kind).toBe('half-open');
    breaker.succeeded(30_000, ticket);
    expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: 0 });
  });

  test('being asked after its time makes it half-open, once', () => {
    const { breaker, changes } = opened();
    expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: 0 });
    expect(breaker.state(30_000).kind).toBe('half-open');
    expect(changes).toEqual([['open', 'half-open']]);
  });
});

describe('half-open', () => {
  test('one is on trial; the others are told no, and not to wait', () => {
    const { breaker } = opened();
    expect(breaker.allows(30_000)).toBe(true);
    breaker.begin(30_000);
    expect(breaker.allows(30_000)).toBe(false);
    expect(breaker.allows(99_000)).toBe(false);
  });

  test('asking reserves nothing, beginning does', () => {
    const { breaker } = opened();
    breaker.allows(30_000);
    expect(breaker.allows(30_000)).toBe(true);
  });

  test('after a success the next is tried; the fifth closes it', () => {
    const { breaker, changes } = opened();
    for (let trial = 1; trial <= 4; trial += 1) {
      expect(attempt(breaker, 30_000, 'succeeded')).toBe(true);
      expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: trial });
    }
    attempt(breaker, 30_000, 'succeeded');
    expect(breaker.state(30_000)).toEqual({ kind: 'closed' });
    expect(changes).toEqual([
      ['open', 'half-open'],
      ['half-open', 'closed'],
    ]);
  });

  test('a trial abandoned gives its place to another and counts for nothing', () => {
    const { breaker } = opened();
    attempt(breaker, 30_000, 'abandoned');
    expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: 0 });
    expect(breaker.allows(30_000)).toBe(true);
  });

  test('a trial that fails opens it for twice as long', () => {
    const { breaker, changes } = opened();
    attempt(breaker, 31_000, 'failed');
    expect(breaker.state(31_000)).toEqual({ kind: 'open', forced: false, until: 91_000 });
    expect(changes).toEqual([
      ['open', 'half-open'],
      ['half-open', 'open'],
    ]);
  });

  test('successes before a failed trial are forgotten', () => {
    const { breaker } = opened();
    for (let trial = 0; trial < 4; trial += 1) attempt(breaker, 30_000, 'succeeded');
    attempt(breaker, 30_000, 'failed');
    expect(breaker.state(90_000)).toEqual({ kind: 'half-open', successes: 0 });
  });

  test('the end of a statement that began before it opened is nobody’s trial', () => {
    const { breaker } = breakerWith({ successes: 1 });
    const early = breaker.begin(0);
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(0);
    breaker.begin(30_000);
    for (const end of ['succeeded', 'failed', 'abandoned'] as const) {
      breaker[end](30_000, early);
      expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: 0 });
      expect(breaker.allows(30_000)).toBe(false);
    }
  });

  test('without a ticket, an end while nothing is on trial says nothing', () => {
    const { breaker } = opened({ successes: 1 });
    breaker.state(30_000);
    breaker.succeeded(30_000);
    breaker.failed(30_000);
    expect(breaker.state(30_000)).toEqual({ kind: 'half-open', successes: 0 });
  });

  test('without a ticket, an end while one is on trial is its end', () => {
    const { breaker } = opened({ successes: 1 });
    breaker.begin(30_000);
    breaker.succeeded(30_000);
    expect(breaker.state(30_000).kind).toBe('closed');
  });
});

describe('closed again', () => {
  test('nothing is remembered of what opened it', () => {
    const { breaker } = opened({ successes: 1 });
    attempt(breaker, 30_000, 'succeeded');
    breaker.failed(30_000);
    breaker.failed(30_000);
    expect(breaker.state(30_000).kind).toBe('closed');
  });

  test('it opens for the shortest time again', () => {
    const { breaker } = opened({ successes: 1 });
    attempt(breaker, 30_000, 'failed');
    attempt(breaker, 90_000, 'succeeded');
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(90_000);
    expect(breaker.state(90_000)).toMatchObject({ until: 120_000 });
  });

  test('failures of statements that began before do not open it', () => {
    const { breaker } = breakerWith({ successes: 1 });
    const early = breaker.begin(0);
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(0);
    attempt(breaker, 30_000, 'succeeded');
    for (let failure = 0; failure < 9; failure += 1) breaker.failed(30_000, early);
    expect(breaker.state(30_000).kind).toBe('closed');
  });
});

describe('forced', () => {
  test('open: nothing goes through, whatever the time', () => {
    const { breaker, changes } = breakerWith();
    breaker.forceOpen(0);
    expect(breaker.state(1e12)).toEqual({ kind: 'open', forced: true, until: Number.POSITIVE_INFINITY });
    expect(breaker.allows(1e12)).toBe(false);
    expect(breaker.forced).toBe('open');
    expect(changes).toEqual([['closed', 'open']]);
  });

  test('closed: everything goes through, whatever fails', () => {
    const { breaker } = breakerWith();
    breaker.forceClosed(0);
    for (let failure = 0; failure < 100; failure += 1) breaker.failed(0);
    expect(breaker.state(0)).toEqual({ kind: 'closed' });
    expect(breaker.forced).toBe('closed');
  });

  test('an open one may be forced open, and that is told', () => {
    const { breaker, changes } = opened();
    breaker.forceOpen(0);
    expect(changes).toEqual([['open', 'open']]);
    breaker.forceOpen(0);
    expect(changes).toHaveLength(1);
  });

  test('reset closes it and makes it automatic', () => {
    const { breaker } = breakerWith();
    breaker.forceOpen(0);
    breaker.reset(0);
    expect(breaker.state(0)).toEqual({ kind: 'closed' });
    expect(breaker.forced).toBeUndefined();
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(0);
    expect(breaker.state(0).kind).toBe('open');
  });

  test('reset forgets how long it was open', () => {
    const { breaker } = opened();
    attempt(breaker, 30_000, 'failed');
    breaker.reset(40_000);
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(40_000);
    expect(breaker.state(40_000)).toMatchObject({ until: 70_000 });
  });

  test('reset forgets what failed within the window, and statements under way', () => {
    const { breaker } = breakerWith({ failures: 100 });
    const early = breaker.begin(0);
    for (let failure = 0; failure < 19; failure += 1) breaker.failed(0);
    breaker.reset(0);
    for (let failure = 0; failure < 99; failure += 1) breaker.failed(0, early);
    breaker.failed(0);
    expect(breaker.state(0).kind).toBe('closed');
  });

  test('a trial that a force cut short does not keep the next from its place', () => {
    const { breaker } = opened();
    breaker.begin(30_000);
    breaker.forceOpen(30_000);
    breaker.reset(30_000);
    for (let failure = 0; failure < 3; failure += 1) breaker.failed(30_000);
    expect(breaker.allows(60_000)).toBe(true);
  });

  test('what failed while it was forced closed does not open it after the reset', () => {
    const { breaker } = breakerWith();
    breaker.forceClosed(0);
    for (let failure = 0; failure < 100; failure += 1) breaker.failed(0);
    breaker.reset(0);
    breaker.failed(0);
    expect(breaker.state(0).kind).toBe('closed');
  });
});

describe('laws', () => {
  const step = fc.record({
    ms: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 200_000 })),
    act: fc.constantFrom(
      'ask',
      'begin',
      'begin',
      'succeeded',
      'failed',
      'failed',
      'abandoned',
      'force',
      'held',
      'reset',
    ),
    who: fc.nat(),
  });

  test('never are two on trial, whoever ends when', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { breaker } = breakerWith({ failures: 2, successes: 2 });
        const running: { ticket: number; trialOf: number | undefined }[] = [];
        let now = 0;
        /** Counts the times that it became half-open: trials of one time must not overlap. */
        let time = 0;
        let kind = 'closed' as BreakerState['kind'];
        const look = () => {
          const next = breaker.state(now).kind;
          if (next === 'half-open' && kind !== 'half-open') time += 1;
          kind = next;
        };
        for (const { ms, act, who } of steps) {
          now += ms;
          look();
          if (act === 'begin' && breaker.allows(now)) {
            const trialOf = kind === 'half-open' ? time : undefined;
            if (trialOf !== undefined) expect(running.filter((other) => other.trialOf === trialOf)).toEqual([]);
            running.push({ ticket: breaker.begin(now), trialOf });
          }
          if ((act === 'succeeded' || act === 'failed' || act === 'abandoned') && running.length > 0) {
            const [ended] = running.splice(who % running.length, 1);
            breaker[act](now, ended?.ticket);
          }
          if (act === 'force') breaker.forceOpen(now);
          if (act === 'held') breaker.forceClosed(now);
          if (act === 'reset') breaker.reset(now);
          look();
        }
      }),
    );
  });

  test('what was forced changes by order only', () => {
    fc.assert(
      fc.property(fc.constantFrom('open', 'closed'), fc.array(step, { maxLength: 100 }), (held, steps) => {
        const { breaker } = breakerWith();
        if (held === 'open') breaker.forceOpen(0);
        else breaker.forceClosed(0);
        let now = 0;
        for (const { ms, act } of steps) {
          now += ms;
          if (act === 'begin') breaker.begin(now);
          if (act === 'succeeded' || act === 'failed' || act === 'abandoned') breaker[act](now);
          expect(breaker.state(now).kind).toBe(held);
          expect(breaker.allows(now)).toBe(held === 'closed');
          expect(breaker.forced).toBe(held);
        }
      }),
    );
  });

  test('each failed trial doubles the time until the next, up to the longest', () => {
    const times = fc.record({
      openMs: fc.integer({ min: 1, max: 60_000 }),
      longestMs: fc.integer({ min: 1, max: 600_000 }),
    });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 40 }), (options, trials) => {
        const { breaker } = opened(options);
        let since = 0;
        for (let failed = 0; failed <= trials; failed += 1) {
          const state = breaker.state(since);
          const until = state.kind === 'open' ? state.until : Number.NaN;
          expect(until - since).toBe(Math.min(options.openMs * 2 ** failed, options.longestMs));
          expect(attempt(breaker, until, 'failed')).toBe(true);
          since = until;
        }
      }),
    );
  });

  test('it closes after exactly so many trials that succeeded, however many were abandoned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean(), { maxLength: 60 }), (successes, ends) => {
        const { breaker } = opened({ successes });
        let succeeded = 0;
        for (const end of ends) {
          if (succeeded === successes) break;
          attempt(breaker, 30_000, end ? 'succeeded' : 'abandoned');
          succeeded += end ? 1 : 0;
          expect(breaker.state(30_000).kind).toBe(succeeded === successes ? 'closed' : 'half-open');
        }
      }),
    );
  });

  test('a row that a success breaks is no row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10 }),
        fc.array(fc.nat({ max: 12 }), { maxLength: 30 }),
        (failures, rows) => {
          const { breaker } = breakerWith({ failures, minimum: Number.POSITIVE_INFINITY });
          for (const row of rows) {
            for (let failure = 0; failure < row; failure += 1) breaker.failed(0);
            if (row >= failures) {
              expect(breaker.state(0).kind).toBe('open');
              return;
            }
            expect(breaker.state(0).kind).toBe('closed');
            breaker.succeeded(0);
          }
        },
      ),
    );
  });
});
