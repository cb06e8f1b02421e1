import fc from 'fast-check';
import type { Balanced } from '../../../../lib/routing/balancer';
import { powerOfTwo } from '../../../../lib/routing/balancers/p2c';
import { counts, type MemberSetup, members, NOW, turns, weighing } from './members';
import { seeded } from './simulation';

const REPEAT = 200;

function chosenOf(...setups: MemberSetup[]): Record<string, number> {
  return counts(turns(REPEAT, members(...setups), powerOfTwo(seeded(7))));
}

test('one candidate needs no number', () => {
  const random = jest.fn(() => 0);
  expect(turns(1, weighing(1), powerOfTwo(random))).toBe('a');
  expect(random).not.toHaveBeenCalled();
});

test('of two candidates both are looked at, and the faster one is chosen', () => {
  expect(chosenOf({ latencyMs: 20 }, { latencyMs: 10 })).toEqual({ b: REPEAT });
});

test('of two equally fast candidates the one with less to do is chosen', () => {
  expect(chosenOf({ latencyMs: 10, inFlight: 1 }, { latencyMs: 10 })).toEqual({ b: REPEAT });
});

test('a slower one is chosen when the faster one has too much to do', () => {
  expect(chosenOf({ latencyMs: 10, inFlight: 3 }, { latencyMs: 20, inFlight: 0 })).toEqual({ b: REPEAT });
});

test('of three the worst is never chosen, and the others are', () => {
  const chosen = chosenOf({ latencyMs: 30 }, { latencyMs: 10 }, { latencyMs: 20 });
  expect(Object.keys(chosen).sort()).toEqual(['b', 'c']);
});

test('a candidate that has never answered is tried', () => {
  expect(chosenOf({ latencyMs: 5 }, {})).toEqual({ b: REPEAT });
});

test('a candidate that has never answered is not asked again before it has', () => {
  expect(chosenOf({ latencyMs: 5, inFlight: 20 }, { inFlight: 1 })).toEqual({ a: REPEAT });
});

test('candidates that have never answered, at the start of everything, are asked evenly', () => {
  const of = members({}, {}, {});
  const balancer = powerOfTwo(seeded(3));
  for (let read = 0; read < 30; read++) balancer.choose(of, NOW).load.begin(NOW);
  for (const { load } of of) expect(Math.abs(load.inFlight - 10)).toBeLessThanOrEqual(2);
});

test('a candidate that was slow long ago is tried again', () => {
  const of = members({ latencyMs: 500 }, { latencyMs: 5 });
  const [, fast] = of;
  fast?.load.observe(5, NOW + 15_000);
  expect(turns(1, of, powerOfTwo(seeded(1)), NOW + 15_000)).toBe('a');
});

test('a candidate that is silent while it owes an answer is avoided', () => {
  const [frozen, busy] = members({ latencyMs: 2, inFlight: 1 }, { latencyMs: 2, inFlight: 9 });
  if (!frozen || !busy) throw new Error('no members');
  const later = NOW + 50;
  busy.load.observe(2, later);
  expect(turns(20, [frozen, busy], powerOfTwo(seeded(1)), later)).toBe('b'.repeat(20));
});

test('equal candidates share equally', () => {
  const chosen = counts(turns(30_000, weighing(1, 1, 1), powerOfTwo(seeded(5))));
  for (const name of ['a', 'b', 'c']) expect((chosen[name] ?? 0) / 30_000).toBeCloseTo(1 / 3, 1);
});

test('a lighter candidate must be cheaper for its weight too', () => {
  expect(chosenOf({ latencyMs: 30, weight: 4 }, { latencyMs: 10, weight: 1 }).a).toBeGreaterThan(REPEAT / 2);
  expect(chosenOf({ latencyMs: 50, weight: 4 }, { latencyMs: 10, weight: 1 })).toEqual({ b: REPEAT });
});

test('a heavier candidate has no advantage but to be drawn more often', () => {
  const { b = 0 } = chosenOf({ latencyMs: 10, weight: 4 }, { latencyMs: 10, weight: 1 });
  expect(b).toBeGreaterThan(REPEAT / 10);
  expect(chosenOf({ latencyMs: 20, weight: 4 }, { latencyMs: 10, weight: 4 })).toEqual({ b: REPEAT });
});

const setups = fc.array(
  fc.record({
    latencyMs: fc.integer({ min: 1, max: 900 }),
    inFlight: fc.nat(10),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 2, maxLength: 6 },
);

test('law: equals never see the worse of two chosen, so of many never the worst', () => {
  fc.assert(
    fc.property(setups, fc.integer(), (unequal, seed) => {
      const of = members(...unequal.map((setup) => ({ ...setup, weight: 1 })));
      const balancer = powerOfTwo(seeded(seed));
      const cost = ({ load }: Balanced) => load.cost(NOW);
      const worst = Math.max(...of.map(cost));
      const better = of.filter((one) => cost(one) < worst);
      for (let read = 0; read < 20; read++) {
        const chosen = balancer.choose(of, NOW);
        if (better.length === of.length - 1) expect(better).toContain(chosen);
        if (of.length === 2) expect(cost(chosen)).toBe(Math.min(...of.map(cost)));
      }
    }),
  );
});

test('law: of two, the one that is not chosen is never cheaper both as it stands and for its weight', () => {
  fc.assert(
    fc.property(setups, fc.integer(), (all, seed) => {
      const of = members(...all.slice(0, 2));
      const chosen = powerOfTwo(seeded(seed)).choose(of, NOW);
      const other = of.find((one) => one !== chosen) as Balanced;
      const [cost, others] = [chosen.load.cost(NOW), other.load.cost(NOW)];
      expect(others < cost && others / other.weight < cost / chosen.weight).toBe(false);
    }),
  );
});

test('law: candidates that cost the same get the shares that their weights say', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
      fc.integer(),
      (weights, seed) => {
        const chosen = counts(turns(20_000, weighing(...weights), powerOfTwo(seeded(seed))));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        // Five standard deviations of a share of 20 000 draws are less than 0.018.
        weights.forEach((weight, index) => {
          const share = (chosen[String.fromCharCode(97 + index)] ?? 0) / 20_000;
          expect(Math.abs(share - weight / total)).toBeLessThan(0.018);
        });
      },
    ),
    { numRuns: 15 },
  );
});
