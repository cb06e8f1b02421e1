import type { Balancer } from '../balancer';
import { leastConnections } from './least-connections';
import { powerOfTwo } from './p2c';
import { weightedRandom } from './random';
import { roundRobin } from './round-robin';
import { zoned } from './zoned';

/**
 * How a replica is chosen among those that may serve a read. All of them heed weights.
 *
 * - `peak-ewma`: of two at random, the one that answers sooner and has less to do
 * - `least-connections`: the one with the fewest statements under way
 * - `round-robin`, or by its other name `weighted`: by turns, smoothly; plain turns when weights are equal
 * - `random`: any
 */
export type BalancerName = 'peak-ewma' | 'round-robin' | 'random' | 'least-connections' | 'weighted';

export interface BalancerContext {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** The app's own zone: reads stay there while it can bear them. Undefined: zones do not matter. */
  readonly zone: string | undefined;
}

/** The balancer of a name. It has a memory of its own: one for each fleet. */
export function balancerOf(name: BalancerName, { random, zone }: BalancerContext): Balancer {
  const balancer = MAKERS[name](random);
  return zone === undefined ? balancer : zoned(balancer, zone);
}

const MAKERS: Readonly<Record<BalancerName, (random: () => number) => Balancer>> = {
  'peak-ewma': powerOfTwo,
  'round-robin': roundRobin,
  weighted: roundRobin,
  random: weightedRandom,
  'least-connections': leastConnections,
};
