import type { MemberView } from '../../monitoring/view';

/** A member that people took out is as they want it; a cluster's reader that writes at present is where its writer is. */
const WELL: ReadonlySet<MemberView['state']> = new Set(['serving', 'writing', 'draining']);

/** Whether nobody needs to look at it. A breaker that a person opened was opened on purpose. */
export function isWell({ state, breaker }: Pick<MemberView, 'state' | 'breaker'>): boolean {
  return WELL.has(state) || (state === 'ejected' && breaker.forced === 'open');
}
