import fc from 'fast-check';
import { roundRobin } from '../../../lib/routing/balancer';

function members(...weights: number[]) {
  return weights.map((weight, index) => ({ name: String.fromCharCode(97 + index), weight }));
}

function turns(count: number, of: { name: string; weight: number }[], balancer = roundRobin()): string {
  return Array.from({ length: count }, () => balancer.order(of)[0]?.name).join('');
}

test('equal weights take turns', () => {
  expect(turns(6, members(1, 1, 1))).toBe('abcabc');
});

test('weights are kept without bursts', () => {
  expect(turns(7, members(5, 1, 1))).toBe('aabacaa');
});

test('the order is complete: whoever is not first is still to be tried', () => {
  expect(
    roundRobin()
      .order(members(1, 1, 1))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a', 'b', 'c']);
});

test('nobody to choose from is no error', () => {
  expect(roundRobin().order([])).toEqual([]);
});

test('a member that comes back is not flooded', () => {
  const balancer = roundRobin();
  const [a, b] = members(1, 1) as [{ name: string; weight: number }, { name: string; weight: number }];
  turns(4, [a, b], balancer);
  turns(100, [a], balancer);
  expect(turns(6, [a, b], balancer)).toBe('ababab');
});

test('law: over a whole period each member is chosen exactly as often as its weight says', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const of = members(...weights);
      const chosen = turns(
        weights.reduce((sum, weight) => sum + weight, 0),
        of,
      );
      for (const { name, weight } of of) expect([...chosen].filter((one) => one === name)).toHaveLength(weight);
    }),
  );
});
