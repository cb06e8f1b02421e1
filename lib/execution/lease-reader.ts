import { type Attempt, messageOf, ReadfleetError } from '../errors';
import type { Lease, Member } from '../members/member';
import type { Policy } from '../policy/policy';
import type { Entry } from '../protection/bulkhead';
import { classifyFailure } from './failure';
import { noMember, retriesSpent } from './no-member';
import type { ReadContext } from './read-context';
import { refuse } from './refuse';

/** A connection that the app keeps for reads, and the member that it belongs to. */
export interface ReaderLease {
  readonly member: Member;
  readonly lease: Lease;
}

/**
 * Takes a connection of the first member that gives one, in the order in which a read would be tried. What falls back to the primary holds its place
 * at the bulkhead until the connection is released.
 *
 * @param begin the statement that opens a read-only transaction; without it a bare connection is taken
 * @throws ReadfleetError `READFLEET_NO_MEMBER`, `READFLEET_SHED`
 */
export async function leaseReader(
  context: ReadContext,
  policy: Policy,
  begin: string | undefined,
): Promise<ReaderLease> {
  const tried: Member[] = [];
  const attempts: Attempt[] = [];
  let skipPrimary = false;
  let last: unknown;
  const waitMs = policy.session === undefined ? 0 : context.sessionWaitMs(policy);
  if (waitMs > 0) await context.caughtUp(policy, waitMs);
  for (;;) {
    const now = context.clock.now();
    const choice = context.router.next(policy, tried, skipPrimary, now);
    if (!choice) break;
    if (attempts.length > 0 && !context.retries.take(now)) throw retriesSpent(attempts, last);
    context.chosen(choice, policy, now, undefined);
    let entry: Entry | undefined;
    try {
      if (choice.as === 'fallback') entry = await place(context, policy);
    } catch (refusal) {
      context.shed(refusal as ReadfleetError, policy);
      skipPrimary = true;
      last = refusal;
      continue;
    }
    // Another member may have become the primary while this waited for its place.
    const member = entry ? context.writer : choice.member;
    tried.push(member);
    try {
      const lease = await member.lease(begin, true);
      if (entry) lease.onRelease = entry;
      return { member, lease };
    } catch (error) {
      entry?.leave();
      const failure = classifyFailure(error, member.role === 'replica');
      if (failure !== 'lost' && failure !== 'busy') throw error;
      member.counters.errors += 1;
      attempts.push({ member: member.name, error: messageOf(error) });
      last = error;
      if (failure === 'lost') context.lost(member, error as Error);
    }
  }
  return refuse(nobody(context, policy, attempts, last));
}

function place(context: ReadContext, policy: Policy): Promise<Entry> {
  return new Promise((resolve, reject) => {
    context.bulkhead.enter(policy.priority, undefined, (refusal, entry) =>
      refusal ? reject(refusal) : resolve(entry),
    );
  });
}

function nobody(context: ReadContext, policy: Policy, attempts: readonly Attempt[], cause: unknown): ReadfleetError {
  if (ReadfleetError.is(cause) && attempts.length === 0) return cause;
  return noMember(attempts, context.router.passedOver(policy, context.clock.now()), cause);
}
