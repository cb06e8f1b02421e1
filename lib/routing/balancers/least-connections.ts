import type { Balanced, Balancer } from '../balancer';
import { Turns } from './turns';

/**
 * The candidate with the fewest statements under way for its weight; by turns among those that have as few, as nginx's `least_conn` does: an idle
 * fleet shares by weight too.
 */
export function leastConnections(): Balancer {
  const turns = new Turns();
  return {
    choose(candidates) {
      if (candidates.length === 1) return candidates[0] as (typeof candidates)[number];
      let least = Number.POSITIVE_INFINITY;
      for (let index = 0; index < candidates.length; index++) {
        const load = share(candidates[index] as Balanced);
        if (load < least) least = load;
      }
      turns.begin();
      for (let index = 0; index < candidates.length; index++) {
        const candidate = candidates[index] as Balanced;
        if (share(candidate) === least) turns.enter(candidate, index);
      }
      return candidates[turns.end()] as (typeof candidates)[number];
    },
  };
}

function share({ load, weight }: Balanced): number {
  return load.inFlight / weight;
}
