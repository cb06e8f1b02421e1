import type { Decision, Outcome } from '../lib';
import { isCallFailure } from './metrics/failures';
import type { MemberView, Moment } from './view';

/** Where reads were sent. */
export function targetOf({ target, reason }: Decision): 'replica' | 'primary' | 'fallback' {
  if (target === 'replica') return 'replica';
  return reason === 'fallback' ? 'fallback' : 'primary';
}

type Counts = { -readonly [Key in Exclude<keyof Moment, 'at' | 'members'>]: number };

/** What happens in one interval. Cheap, since every read passes here. */
export class Tally {
  private readonly counts: Counts = {
    replica: 0,
    primary: 0,
    fallback: 0,
    writes: 0,
    failed: 0,
    shed: 0,
    longestReadMs: 0,
  };
  private readonly readsOf = new Map<string, number>();

  decision(decision: Decision): void {
    if (decision.kind === 'write') {
      this.counts.writes += 1;
      return;
    }
    this.counts[targetOf(decision)] += 1;
    this.readsOf.set(decision.member, (this.readsOf.get(decision.member) ?? 0) + 1);
  }

  outcome({ kind, ms, error }: Outcome): void {
    if (isCallFailure(error)) this.counts.failed += 1;
    if (kind === 'read' && ms !== undefined && ms > this.counts.longestReadMs) this.counts.longestReadMs = ms;
  }

  shed(): void {
    this.counts.shed += 1;
  }

  /**
   * What was counted, beside how the members are at the end of the interval.
   *
   * @param at milliseconds since 1970
   */
  moment(at: number, members: readonly MemberView[]): Moment {
    return {
      at,
      ...this.counts,
      members: Object.fromEntries(
        members.map(({ name, state, lag }) => [
          name,
          { state, lagSeconds: lag?.seconds ?? null, reads: this.readsOf.get(name) ?? 0 },
        ]),
      ),
    };
  }
}
