import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { type Attempt, messageOf } from '../errors';
import type { Lease, Member } from '../members/member';
import type { Plan } from '../routing/plan';
import { commitOrRollBack } from './commit';
import { classifyFailure } from './failure';
import { noMember } from './read';

export interface TransactionOptions {
  /**
   * A read-only transaction may run on a replica, unless it is serializable, which a standby cannot do.
   * @default false
   */
  readonly readOnly?: boolean;
  /** @default the server's `default_transaction_isolation`, "read committed" unless changed */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

/** The inside of a transaction: every statement runs on the same connection. */
export interface Transaction {
  /** The member on which it runs. */
  readonly member: string;
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>>;
}

/** The statement that opens such a transaction. */
export function beginStatement({ readOnly, isolation }: TransactionOptions): string {
  return ['begin', isolation && `isolation level ${isolation}`, readOnly && 'read only'].filter(Boolean).join(' ');
}

/** Whether a standby can run it. */
export function fitsReplica({ readOnly, isolation }: TransactionOptions): boolean {
  return readOnly === true && isolation !== 'serializable';
}

/**
 * Runs `work` in a transaction on the first of `members` that opens one.
 *
 * Until the transaction is open another member may be tried. Once `work` has begun it is never run twice: readfleet cannot know what else it did.
 */
export async function runTransaction<T>(
  work: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions,
  plan: Plan<Member>,
  onLost: (member: Member, error: Error) => void,
): Promise<T> {
  const { member, lease } = await open(options, plan, onLost);
  member.counters[options.readOnly ? 'reads' : 'writes'] += 1;
  const transaction: Transaction = {
    member: member.name,
    query: (text, values) => lease.client.query(text as string, values),
  };
  try {
    return await commitOrRollBack(lease, () => work(transaction));
  } catch (error) {
    if (classifyFailure(error, member.role === 'replica') === 'lost') {
      member.counters.errors += 1;
      onLost(member, error as Error);
    }
    throw error;
  }
}

async function open(
  options: TransactionOptions,
  { members, passedOver }: Plan<Member>,
  onLost: (member: Member, error: Error) => void,
): Promise<{ member: Member; lease: Lease }> {
  const attempts: Attempt[] = [];
  let last: unknown;
  for (const member of members) {
    try {
      return { member, lease: await member.begin(beginStatement(options), fitsReplica(options)) };
    } catch (error) {
      const failure = classifyFailure(error, member.role === 'replica');
      if (!fitsReplica(options) || (failure !== 'lost' && failure !== 'busy')) {
        if (failure === 'lost') onLost(member, error as Error);
        throw error;
      }
      member.counters.errors += 1;
      attempts.push({ member: member.name, error: messageOf(error) });
      last = error;
      if (failure === 'lost') onLost(member, error as Error);
    }
  }
  throw noMember(attempts, passedOver, last);
}
