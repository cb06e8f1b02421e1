import type { QueryResult } from 'pg';
import { type Attempt, messageOf, type PassedOver, ReadfleetError } from '../errors';
import type { Member, Statement } from '../members/member';
import type { Plan } from '../routing/plan';
import { commitOrRollBack } from './commit';
import { classifyFailure } from './failure';

/** What the caller of {@link runRead} is told on the way. */
export interface ReadListener {
  /** A member did not answer; whether it is gone is not known yet. */
  lost(member: Member, error: Error): void;
  /** A standby refused the statement and the primary took it. */
  refused(statement: Statement, error: Error): void;
}

/**
 * Runs a read on the members of `plan`, one after another, until one answers.
 *
 * Nothing is lost by asking again: a statement that a standby runs changes nothing, and on the primary only statements that are proved to be reads
 * run bare; others run in a read-only transaction there.
 *
 * @param proven whether the statement is known to be a read, not just called one by the caller
 * @throws ReadfleetError `READFLEET_NO_MEMBER` when no member could be asked, with the trace
 * @throws what PostgreSQL says of the statement, as `pg` made it
 */
export async function runRead(
  statement: Statement,
  plan: Plan<Member>,
  writer: Member,
  proven: boolean,
  listener: ReadListener,
): Promise<QueryResult> {
  const attempts: Attempt[] = [];
  let last: unknown;
  for (const member of plan.members) {
    try {
      const result = await start(member, statement, proven);
      member.counters.reads += 1;
      return result;
    } catch (error) {
      const failure = classifyFailure(error, member.role === 'replica');
      if (failure === 'statement') throw error;
      if (failure === 'behind') return runOnPrimary(statement, writer, proven);
      if (failure === 'refused') {
        // Only a proved read is run again; what the caller merely called a read and a standby refuses is the caller's to mend.
        if (!proven) throw error;
        const result = await runOnPrimary(statement, writer, proven);
        listener.refused(statement, error as Error);
        return result;
      }
      member.counters.errors += 1;
      attempts.push({ member: member.name, error: messageOf(error) });
      last = error;
      if (failure === 'lost') listener.lost(member, error as Error);
    }
  }
  throw noMember(attempts, plan.passedOver, last);
}

function start(member: Member, statement: Statement, proven: boolean): Promise<QueryResult> {
  return proven || member.role === 'replica' ? member.run(statement, true) : runReadOnly(statement, member);
}

async function runOnPrimary(statement: Statement, writer: Member, proven: boolean): Promise<QueryResult> {
  const result = await start(writer, statement, proven);
  writer.counters.reads += 1;
  return result;
}

async function runReadOnly(statement: Statement, member: Member): Promise<QueryResult> {
  const lease = await member.begin('begin read only', true);
  return commitOrRollBack(lease, () => lease.client.query(statement.text as string, statement.values));
}

/** The error of a read that nobody could serve. */
export function noMember(
  attempts: readonly Attempt[],
  passedOver: readonly PassedOver[],
  cause: unknown,
): ReadfleetError {
  const told = [
    ...attempts.map(({ member, error }) => `${member} was asked: ${error}`),
    ...passedOver.map(({ member, reason }) => `${member} was passed over: ${reason}`),
  ];
  return new ReadfleetError('READFLEET_NO_MEMBER', `no member of the fleet could serve the read. ${told.join('; ')}`, {
    cause,
    trace: { attempts, passedOver },
  });
}
