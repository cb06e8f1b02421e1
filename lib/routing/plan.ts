import type { PassedOver } from '../errors';
import type { Balancer } from './balancer';
import { type Bound, type Candidate, candidates, type PrimaryView } from './candidates';

/** Who is to be asked, in order, until one answers. */
export interface Plan<M> {
  readonly members: readonly M[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * The order of members for a read: fit replicas as the balancer likes, then the primary, then what the bound still allows.
 *
 * @param strong the primary alone; twice, since the first connection taken may have died with a restart nobody noticed yet
 */
export function planRead<M extends Candidate>(
  readers: readonly M[],
  writer: M,
  read: { readonly bound: Bound; readonly strong: boolean },
  primary: PrimaryView,
  balancer: Balancer,
  now: number,
): Plan<M> {
  if (read.strong) return { members: [writer, writer], passedOver: [] };
  const { fit, reserve, passedOver } = candidates(readers, read.bound, primary, now);
  return { members: [...balancer.order(fit), writer, ...reserve], passedOver };
}
