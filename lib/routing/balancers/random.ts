import type { Balanced, Balancer } from '../balancer';

/**
 * Any candidate, as often as its weight says.
 *
 * @param random a number in [0, 1)
 */
export function weightedRandom(random: () => number): Balancer {
  return { choose: (candidates) => candidates[draw(candidates, random)] as (typeof candidates)[number] };
}

/** Index of a candidate, drawn in proportion to weight. Walks along the weights: for a handful of members no table is faster. */
export function draw(candidates: readonly Balanced[], random: () => number): number {
  const last = candidates.length - 1;
  if (last === 0) return 0;
  let total = 0;
  for (let index = 0; index <= last; index++) total += (candidates[index] as Balanced).weight;
  let left = random() * total;
  for (let index = 0; index < last; index++) {
    left -= (candidates[index] as Balanced).weight;
    if (left < 0) return index;
  }
  return last;
}
