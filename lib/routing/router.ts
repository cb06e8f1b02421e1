import type { PassedOver } from '../errors';
import type { Policy } from '../policy/policy';
import type { Balanced, Balancer } from './balancer';
import { type Candidate, judge, type PrimaryView, reasonOf } from './judge';

/** Whom to ask next, and in what standing. */
export interface Choice<M> {
  readonly member: M;
  /**
   * - `replica`: as it should be
   * - `primary`: the primary, since the read asked for it or there is no replica in the fleet
   * - `fallback`: the primary, since no replica can serve: through the bulkhead
   * - `last resort`: a replica that would not be asked if the primary could take the read
   */
  readonly as: 'replica' | 'primary' | 'fallback' | 'last resort';
}

/** The members as routing sees them. */
export interface Field<M> {
  readonly writer: M;
  /** In the contract's order. */
  readonly readers: readonly M[];
  readonly primary: PrimaryView;
}

/**
 * Chooses who serves a read, attempt by attempt: fit replicas as the balancer likes, then the primary, then what the bound still allows.
 *
 * A primary that is known not to answer comes last: a host that is gone without a word would cost each read a whole connect timeout.
 * No guard against emptiness (fewest left, last resort) ever overrides a bound: a reader that is too old for a read is asked by nobody.
 */
export class Router<M extends Candidate & Balanced> {
  /** Used again by each choice, which is synchronous: the path of a read allocates nothing here but its choice. */
  private readonly fit: M[] = [];
  private readonly spare: M[] = [];

  constructor(
    private readonly field: Field<M>,
    private readonly balancer: Balancer,
  ) {}

  /**
   * @param tried       whom this read has asked already
   * @param skipPrimary the primary refused to take it
   */
  next(policy: Policy, tried: readonly M[], skipPrimary: boolean, now: number): Choice<M> | undefined {
    const { writer, readers, primary } = this.field;
    const primaryLeft = !skipPrimary && !tried.includes(writer);
    if (policy.toPrimary !== undefined || readers.length === 0) {
      // Twice, since the first connection taken may have died with a restart that nobody noticed yet.
      return tried.length < 2 && !writer.forcedOpen ? { member: writer, as: 'primary' } : undefined;
    }
    const { fit, spare } = this;
    fit.length = 0;
    spare.length = 0;
    for (const reader of readers) {
      if (tried.length > 0 && tried.includes(reader)) continue;
      const verdict = judge(reader, policy, primary, now);
      if (verdict === 'fit') fit.push(reader);
      else if (verdict === 'tripped' || verdict === 'reserve') spare.push(reader);
    }
    if (fit.length > 0) return { member: this.balancer.choose(fit, now), as: 'replica' };
    if (primaryLeft && primary.reachable && writer.allows(now)) return { member: writer, as: 'fallback' };
    if (spare.length > 0) return { member: this.balancer.choose(spare, now), as: 'last resort' };
    return primaryLeft && !writer.forcedOpen ? { member: writer, as: 'fallback' } : undefined;
  }

  /** Whether a replica would be fit if the session had not seen newer. */
  waitsForSession(policy: Policy, now: number): boolean {
    if (policy.session === undefined || policy.toPrimary !== undefined) return false;
    let behind = false;
    for (const reader of this.field.readers) {
      const verdict = judge(reader, policy, this.field.primary, now);
      if (verdict === 'fit') return false;
      behind ||= verdict === 'behind';
    }
    return behind;
  }

  /** Why each reader is not the one, and the primary neither where a person said so; for people. */
  passedOver(policy: Policy, now: number): readonly PassedOver[] {
    const { writer, readers, primary } = this.field;
    const passedOver: PassedOver[] = [];
    if (writer.forcedOpen) passedOver.push({ member: writer.name, reason: 'its breaker was opened by hand' });
    if (policy.toPrimary !== undefined) return passedOver;
    for (const reader of readers) {
      const reason = reasonOf(reader, policy, primary, now);
      if (reason !== undefined) passedOver.push({ member: reader.name, reason });
    }
    return passedOver;
  }
}
