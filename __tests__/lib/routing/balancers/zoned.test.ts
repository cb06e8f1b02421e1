import fc from 'fast-check';
import type { Balancer } from '../../../../lib/routing/balancer';
import { roundRobin } from '../../../../lib/routing/balancers/round-robin';
import { zoned } from '../../../../lib/routing/balancers/zoned';
import { type MemberSetup, members, NOW, turns } from './members';

function home(setup: MemberSetup = {}): MemberSetup {
  return { zone: 'home', latencyMs: 5, ...setup };
}

function away(setup: MemberSetup = {}): MemberSetup {
  return { zone: 'away', latencyMs: 5, ...setup };
}

/** What is chosen in four turns. */
function chosen(of: readonly MemberSetup[], options = {}, inner = roundRobin()): string {
  return turns(4, members(...of), zoned(inner, 'home', options));
}

test('reads stay in the own zone, and the inner balancer chooses there', () => {
  expect(chosen([away(), home(), home()])).toBe('bcbc');
});

test('without a candidate in the own zone the inner balancer chooses among all', () => {
  expect(chosen([away(), away({ zone: 'elsewhere' }), away({ zone: undefined })])).toBe('abca');
});

test('when all are in the own zone nothing changes', () => {
  expect(chosen([home({ latencyMs: 900 }), home()])).toBe('abab');
});

test('a member without a zone is elsewhere', () => {
  expect(chosen([home(), away({ zone: undefined })])).toBe('aaaa');
});

test('reads leave a zone whose best member is more than twice as slow', () => {
  expect(chosen([home({ latencyMs: 12 }), away()])).toBe('aaaa');
  expect(chosen([home({ latencyMs: 13 }), away()])).toBe('bbbb');
});

test('they stay while one member there bears them', () => {
  expect(chosen([home({ latencyMs: 500 }), home(), away()])).toBe('abab');
});

test('reads leave a zone in which more is under way than is worth waiting for', () => {
  expect(chosen([home({ inFlight: 5 }), away()])).toBe('aaaa');
  expect(chosen([home({ inFlight: 6 }), away()])).toBe('bbbb');
});

test('they stay when the others have as much to do', () => {
  expect(chosen([home({ inFlight: 20 }), away({ inFlight: 20 })])).toBe('aaaa');
});

test('what is under way counts for the weight', () => {
  expect(chosen([home({ inFlight: 5, weight: 1 }), away({ weight: 4 })])).toBe('bbbb');
  expect(chosen([home({ inFlight: 5, weight: 4 }), away({ weight: 1 })])).toBe('aaaa');
});

test('an idle member that starts slowly keeps its zone', () => {
  expect(chosen([home({ weight: 0.1 }), away()])).toBe('aaaa');
});

test('a member that is silent while it owes an answer does not bear its zone', () => {
  const of = members(home({ inFlight: 1 }), away());
  expect(turns(2, of, zoned(roundRobin(), 'home'), NOW + 5)).toBe('aa');
  expect(turns(2, of, zoned(roundRobin(), 'home'), NOW + 100)).toBe('bb');
});

test('the factor and the slack can be set', () => {
  expect(chosen([home({ latencyMs: 13 }), away()], { spillover: 3 })).toBe('aaaa');
  expect(chosen([home({ latencyMs: 13 }), away()], { slackMs: 3 })).toBe('aaaa');
  expect(chosen([home({ latencyMs: 9 }), away()], { spillover: 1, slackMs: 0 })).toBe('bbbb');
});

test('a zone that was never asked counts as good as the own one', () => {
  expect(chosen([home({ latencyMs: 100 }), away({ latencyMs: undefined })])).toBe('aaaa');
  expect(chosen([home({ latencyMs: 100, inFlight: 5 }), away({ latencyMs: undefined })])).toBe('bbbb');
});

test('a zone that was slow long ago counts as usual again', () => {
  const [own, other] = members(home({ latencyMs: 500 }), away());
  if (!own || !other) throw new Error('no members');
  other.load.observe(5, NOW + 15_000);
  expect(turns(1, [own, other], zoned(roundRobin(), 'home'), NOW + 15_000)).toBe('a');
});

test('at the start of everything reads stay', () => {
  expect(chosen([home({ latencyMs: undefined }), away({ latencyMs: undefined })])).toBe('aaaa');
});

describe('candidates that come and go between reads are never mixed up', () => {
  const seen: string[][] = [];
  const spy: Balancer = {
    choose(candidates) {
      seen.push(candidates.map(({ name }) => name));
      return candidates[0] as (typeof candidates)[number];
    },
  };

  test.each([
    ['in the zone', 5, ['ab', 'b', 'a', 'ab']],
    ['elsewhere', 900, ['cd', 'c', 'dc', 'ab']],
  ])('%s', (_, latencyMs, expected) => {
    seen.length = 0;
    const of = members(home({ latencyMs }), home({ latencyMs }), away(), away());
    const balancer = zoned(spy, 'home');
    for (const names of ['abcd', 'cb', 'dac', 'ab'])
      balancer.choose(
        [...names].flatMap((name) => of.filter((one) => one.name === name)),
        NOW,
      );
    expect(seen.map((names) => names.join(''))).toEqual(expected);
  });
});

const setup = fc.record({
  zone: fc.constantFrom('home', 'away', undefined),
  latencyMs: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
  inFlight: fc.nat(20),
  weight: fc.integer({ min: 1, max: 5 }),
});

test('law: what is chosen is a candidate, of the own zone or of the others as a whole', () => {
  fc.assert(
    fc.property(fc.array(setup, { minLength: 1, maxLength: 6 }), (setups) => {
      const of = members(...setups);
      let offered: readonly string[] = [];
      const inner: Balancer = {
        choose(candidates) {
          offered = candidates.map(({ name }) => name);
          return candidates[0] as (typeof candidates)[number];
        },
      };
      expect(of).toContain(zoned(inner, 'home').choose(of, NOW));
      const [own, others] = [true, false].map((is) =>
        of.filter(({ zone }) => (zone === 'home') === is).map(({ name }) => name),
      );
      expect([own, others, of.map(({ name }) => name)]).toContainEqual(offered);
    }),
  );
});

test('law: while the own zone is as quick and has as little to do as the others, nothing leaves it', () => {
  fc.assert(
    fc.property(fc.array(setup, { minLength: 1, maxLength: 5 }), (setups) => {
      const [first] = setups;
      if (!first) return;
      const latencyMs = Math.min(...setups.map((other) => other.latencyMs ?? Number.POSITIVE_INFINITY));
      const best = {
        zone: 'home',
        latencyMs: Number.isFinite(latencyMs) ? latencyMs : undefined,
        inFlight: Math.min(...setups.map(({ inFlight }) => inFlight)),
        weight: Math.max(...setups.map(({ weight }) => weight)),
      };
      expect(zoned(roundRobin(), 'home').choose(members(best, ...setups), NOW).zone).toBe('home');
    }),
  );
});
