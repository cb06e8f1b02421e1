import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Clock } from '../clock';
import { ReadfleetError } from '../errors';
import type { Lease, Member } from '../members/member';
import { promotedError } from '../members/standby-client';
import { commitOrRollBack, rollBack } from './commit';
import { classifyFailure } from './failure';

/** How a transaction begins. One that says nothing reads and writes on the primary. */
export interface TransactionOptions {
  /**
   * A read-only transaction may run on a replica, unless it is serializable, which a standby cannot do.
   * @default false
   */
  readonly readOnly?: boolean | undefined;
  /** @default the server's `default_transaction_isolation`, "read committed" unless changed */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
}

/** The inside of a transaction: every statement runs on the same connection. */
export interface Transaction {
  /** The member on which it runs. */
  readonly member: string;
  /** @throws ReadfleetError `READFLEET_TRANSACTION_OVER` once the function that was given to `transaction()` has settled */
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

/** What a transaction runs on, and what bounds it. */
export interface Running {
  readonly member: Member;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds for all of it, the wait for a connection included. */
  readonly timeoutMs: number | undefined;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Told of each statement's text. */
  readonly seen: (text: string) => void;
}

/** What bounds the wait for a transaction's connection. */
export type Patience = Pick<Running, 'clock' | 'signal' | 'timeoutMs'>;

/**
 * The connection of a transaction, unless its time is over first, or its caller gives up: then one that comes later is given back unused.
 *
 * @throws ReadfleetError `READFLEET_TIMEOUT`; the signal's reason
 */
export async function leaseInTime<T extends { readonly lease: Lease }>(
  lease: () => Promise<T>,
  { clock, signal, timeoutMs }: Patience,
): Promise<T> {
  if (signal?.aborted) throw signal.reason;
  if (signal === undefined && timeoutMs === undefined) return lease();
  return new Promise((resolve, reject) => {
    let over = false;
    const end = () => {
      over = true;
      timer?.cancel();
      signal?.removeEventListener('abort', abort);
    };
    const giveUp = (reason: unknown) => {
      end();
      reject(reason);
    };
    const abort = () => giveUp(signal?.reason);
    const late = `a transaction got no connection within its ${timeoutMs} ms. Nothing of it was run.`;
    const timer =
      timeoutMs === undefined
        ? undefined
        : clock.after(timeoutMs, () => giveUp(new ReadfleetError('READFLEET_TIMEOUT', late)));
    signal?.addEventListener('abort', abort, { once: true });
    lease().then(
      (leased) => {
        if (over) void rollBack(leased.lease);
        else {
          end();
          resolve(leased);
        }
      },
      (error) => {
        if (!over) giveUp(error);
      },
    );
  });
}

/**
 * Runs `work` in the transaction that is open on the lease.
 *
 * Once `work` has begun it is never run twice: readfleet cannot know what else it did.
 */
export async function runTransaction<T>(
  work: (transaction: Transaction) => Promise<T>,
  running: Running,
  onLost: (error: Error) => void,
): Promise<T> {
  const { member, lease, seen } = running;
  let over = false;
  const transaction: Transaction = {
    member: member.name,
    query: (text, values) => {
      // Its connection may be in another transaction by now.
      if (over) return Promise.reject(overError(member));
      seen(typeof text === 'string' ? text : text.text);
      return lease.client.query(text as string, values);
    },
  };
  const limit = limitOf(running);
  try {
    return await commitOrRollBack(lease, async () => {
      try {
        const result = await work(transaction);
        if (lease.isPromoted) throw promotedError(member.name);
        return result;
      } finally {
        over = true;
      }
    });
  } catch (error) {
    if (limit?.reason !== undefined) throw limit.reason;
    if (classifyFailure(error, member.role === 'replica') === 'lost') {
      member.counters.errors += 1;
      onLost(error as Error);
    }
    throw error;
  } finally {
    limit?.end();
  }
}

function overError({ name }: Member): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_TRANSACTION_OVER',
    `a statement came to a transaction on ${name} that had ended: the function given to transaction() had settled. Nothing was sent. ` +
      'Await every statement inside of it, and keep its transaction object nowhere.',
  );
}

/** Closes the connection when the time is over or the caller gives up: PostgreSQL then rolls back, also what is under way. */
function limitOf({ member, lease, clock, signal, timeoutMs, startedAt }: Running) {
  if (signal === undefined && timeoutMs === undefined) return undefined;
  const limit = {
    reason: undefined as unknown,
    end: () => {
      timer?.cancel();
      signal?.removeEventListener('abort', abort);
    },
  };
  const stop = (reason: unknown) => {
    limit.reason = reason;
    member.cancelOnServer(lease.client).catch(() => undefined);
    lease.cutOff(new Error('Connection terminated: the transaction was given up'));
  };
  const abort = () => stop(signal?.reason);
  const timer =
    timeoutMs === undefined
      ? undefined
      : clock.after(Math.max(0, startedAt + timeoutMs - clock.now()), () =>
          stop(
            new ReadfleetError(
              'READFLEET_TIMEOUT',
              `a transaction on ${member.name} did not end within its ${timeoutMs} ms. Its connection was closed, which rolls it back unless its commit was under way.`,
            ),
          ),
        );
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return limit;
}
