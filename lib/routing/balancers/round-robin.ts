import type { Balanced, Balancer } from '../balancer';
import { Turns } from './turns';

/**
 * By turns, smoothly: weights 5:1:1 give a a b a c a a, not a burst of five. With equal weights it is plain round robin. See {@link Turns}.
 */
export function roundRobin(): Balancer {
  const turns = new Turns();
  return {
    choose(candidates) {
      if (candidates.length === 1) return candidates[0] as (typeof candidates)[number];
      turns.begin();
      for (let index = 0; index < candidates.length; index++) turns.enter(candidates[index] as Balanced, index);
      return candidates[turns.end()] as (typeof candidates)[number];
    },
  };
}
