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
 * A primary that is known not to answer comes last: a host that is gone without a word would cost each read a whole connect timeout.
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
  const first = balancer.order(fit);
  // One order a read: asked twice, the balancer would take turns among members that are not tried.
  const second = fit.length === 0 ? balancer.order(reserve) : reserve;
  return { members: primary.reachable ? [...first, writer, ...second] : [...first, ...second, writer], passedOver };
}
