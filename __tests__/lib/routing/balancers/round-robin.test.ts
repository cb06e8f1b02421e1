import fc from 'fast-check';
import { roundRobin } from '../../../../lib/routing/balancers/round-robin';
import { counts, member, turns, weighing } from './members';

test('equal weights take turns', () => {
  expect(turns(6, weighing(1, 1, 1), roundRobin())).toBe('abcabc');
});

test('equal weights take turns, whatever they weigh', () => {
  expect(turns(6, weighing(0.3, 0.3, 0.3), roundRobin())).toBe('abcabc');
});

test('weights are kept without bursts', () => {
  expect(turns(7, weighing(5, 1, 1), roundRobin())).toBe('aabacaa');
});

test('a member that comes back is not flooded', () => {
  const balancer = roundRobin();
  const [a, b] = [member('a'), member('b')];
  turns(4, [a, b], balancer);
  turns(100, [a], balancer);
  expect(turns(6, [a, b], balancer)).toBe('ababab');
});

test('the order of candidates does not matter to whose turn it is', () => {
  const balancer = roundRobin();
  const [a, b, c] = [member('a'), member('b'), member('c')];
  const chosen = [
    [a, b, c],
    [c, b, a],
    [b, a, c],
  ].map((of) => balancer.choose(of, 0).name);
  expect(chosen.sort()).toEqual(['a', 'b', 'c']);
});

test('reads that may go to different members starve none of them', () => {
  const balancer = roundRobin();
  const [a, b, c, d] = [member('a'), member('b'), member('c'), member('d')];
  // A counter taken modulo the number of candidates would give the reads that any may serve to a and c alone.
  const chosen = Array.from({ length: 100 }, () => {
    const name = balancer.choose([a, b, c, d], 0).name;
    balancer.choose([a, b], 0);
    return name;
  }).join('');
  expect(Object.keys(counts(chosen)).length).toBeGreaterThan(2);
  expect(chosen).toContain('d');
});

test('names that have left are forgotten when many have', () => {
  const balancer = roundRobin();
  const pair = weighing(1, 1);
  expect(turns(1, pair, balancer)).toBe('a');
  for (let name = 0; name < 300; name++) turns(1, [member(`gone-${name}`), member(`left-${name}`)], balancer);
  expect(turns(1, pair, balancer)).toBe('a');
});

test('law: the order in which candidates come changes nobody’s share', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 70, maxLength: 70 }), (rotations) => {
      const balancer = roundRobin();
      const of = weighing(5, 1, 1);
      const chosen = rotations.map((by) => {
        const rotated = of.map((_, index) => of[(index + by) % of.length] ?? member('z'));
        return balancer.choose(rotated, 0).name;
      });
      const { a = 0, b = 0, c = 0 } = counts(chosen.join(''));
      expect(a + b + c).toBe(70);
      // Ties go to the first that comes, so a turn may be a little early or late.
      expect(Math.abs(a - 50)).toBeLessThanOrEqual(1);
      expect(Math.abs(b - c)).toBeLessThanOrEqual(2);
    }),
  );
});

test('law: over a whole period each member is chosen exactly as often as its weight says', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      (weights, periods) => {
        const of = weighing(...weights);
        const period = weights.reduce((sum, weight) => sum + weight, 0);
        const chosen = counts(turns(period * periods, of, roundRobin()));
        for (const { name, weight } of of) expect(chosen[name]).toBe(weight * periods);
      },
    ),
  );
});

test('law: whoever comes and goes, a candidate that stays waits no longer than its weight makes it, but for a few rounds', () => {
  const step = fc.subarray([1, 2, 3, 4]);
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 120 }), (steps) => {
      const balancer = roundRobin();
      const of = weighing(1, 1, 1, 1, 1);
      const [stays] = of;
      if (!stays) throw new Error('no member');
      let waited = 0;
      for (const others of steps) {
        const candidates = of.filter((_, index) => index === 0 || others.includes(index));
        waited = balancer.choose(candidates, 0) === stays ? 0 : waited + 1;
        expect(waited).toBeLessThan(3 * of.length);
      }
    }),
  );
});
