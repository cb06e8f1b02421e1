import fc from 'fast-check';
import { weightedRandom } from '../../../../lib/routing/balancers/random';
import { counts, turns, weighing } from './members';
import { seeded } from './simulation';

test.each([
  [0, 'a'],
  [0.49, 'a'],
  [0.5, 'b'],
  [0.74, 'b'],
  [0.75, 'c'],
  [0.999, 'c'],
])('of weights 2, 1 and 1, the number %d draws %s', (number, name) => {
  expect(
    turns(
      1,
      weighing(2, 1, 1),
      weightedRandom(() => number),
    ),
  ).toBe(name);
});

test('one candidate needs no number', () => {
  const random = jest.fn(() => 0);
  expect(turns(1, weighing(3), weightedRandom(random))).toBe('a');
  expect(random).not.toHaveBeenCalled();
});

test('law: shares converge to the weights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
      fc.integer(),
      (weights, seed) => {
        const chosen = counts(turns(20_000, weighing(...weights), weightedRandom(seeded(seed))));
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
