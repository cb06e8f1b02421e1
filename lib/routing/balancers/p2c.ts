import type { Balanced, Balancer } from '../balancer';
import { draw } from './random';

/**
 * The power of two choices: of two candidates at random, the one with the lower {@link Load.cost}.
 *
 * Nearly as good as the best of all, and better than it where many apps choose at once: they do not all run to the one that looks idle (Mitzenmacher,
 * "The Power of Two Choices in Randomized Load Balancing", 2001; with peak EWMA as in Finagle and Linkerd). The worst candidate is never chosen
 * while another can be had.
 *
 * Weights: the first of the two is drawn in proportion to weight, the second is any other, and takes the read only when it is cheaper as it stands
 * *and* for its weight. Members that cost the same thus get exactly the shares that their weights say (first i, drawn with wᵢ / W, keeps the read),
 * equal ones equal shares. The usual cost ÷ weight alone would send an idle fleet's reads all to the heaviest.
 *
 * @param random a number in [0, 1)
 */
export function powerOfTwo(random: () => number): Balancer {
  return {
    choose(candidates, now) {
      const first = draw(candidates, random);
      const one = candidates[first] as (typeof candidates)[number];
      const others = candidates.length - 1;
      if (others === 0) return one;
      // Skips the first without favouring its neighbour.
      const second = others === 1 ? 0 : Math.floor(random() * others);
      const other = candidates[second < first ? second : second + 1] as (typeof candidates)[number];
      return beats(other, one, now) ? other : one;
    },
  };
}

function beats(challenger: Balanced, holder: Balanced, now: number): boolean {
  const cost = challenger.load.cost(now);
  const held = holder.load.cost(now);
  return cost < held && cost * holder.weight < held * challenger.weight;
}
