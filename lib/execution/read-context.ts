import type { Clock } from '../clock';
import type { ReadfleetError } from '../errors';
import type { Member, Statement } from '../members/member';
import type { Policy } from '../policy/policy';
import type { Bulkhead } from '../protection/bulkhead';
import type { HedgeBudget, LatencyQuantile } from '../protection/hedging';
import type { RetryBudget } from '../protection/retry-budget';
import type { Choice, Router } from '../routing/router';

/** What a read needs of its fleet, and whom it tells. */
export interface ReadContext {
  readonly clock: Clock;
  readonly router: Router<Member>;
  readonly writer: Member;
  readonly bulkhead: Bulkhead;
  readonly retries: RetryBudget;
  readonly hedging: { readonly budget: HedgeBudget; readonly latency: LatencyQuantile };

  /** Milliseconds that a read is to wait for a replica to catch up with its session; 0 for not at all. */
  sessionWaitMs(policy: Policy): number;
  /** Resolves when a replica has caught up, or the time is over. */
  caughtUp(policy: Policy, waitMs: number): Promise<unknown>;

  /** Told of each choice, before the member is asked. @param calledAt when the read was asked for, of its first choice */
  chosen(choice: Choice<Member>, policy: Policy, now: number, calledAt: number | undefined): void;
  /** A member answered. @param incarnation the member's when it was asked */
  succeeded(member: Member, policy: Policy, incarnation: number, calledAt: number | undefined): void;
  /** The read came to nothing. */
  ended(error: unknown, policy: Policy, calledAt: number | undefined): void;
  /** The primary could not take the read. */
  shed(refusal: ReadfleetError, policy: Policy): void;
  /** A second member is asked since the first is slow. */
  hedged(member: Member, policy: Policy): void;
  /** A member did not answer; whether it is gone is not known yet. @throws ReadfleetError `READFLEET_CLOSED`: nobody else is to be asked */
  lost(member: Member, error: Error): void;
  /** A standby refused the statement and the primary took it. */
  refused(statement: Statement, error: Error): void;
}
