import { ReadfleetError } from '../errors';
import type { Lease } from '../members/member';

/** Runs `work` in the transaction that is open on `lease`, ends the transaction by how the work ended, and gives the connection back. */
export async function commitOrRollBack<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    const { command } = await lease.client.query('commit');
    // PostgreSQL commits no transaction in which a statement failed, and says so by the tag of its answer alone.
    if (command === 'ROLLBACK') throw rolledBack();
    lease.release();
    return result;
  } catch (error) {
    await rollBack(lease);
    throw error;
  }
}

/** Ends the transaction that is open on `lease`, and gives the connection back. */
export async function rollBack(lease: Lease): Promise<void> {
  // A connection that cannot roll back is closed, which rolls back too.
  const failure = await lease.client.query('rollback').then(
    () => undefined,
    (refusal: Error) => refusal,
  );
  lease.release(failure);
}

function rolledBack(): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_ROLLED_BACK',
    'the transaction was rolled back instead of committed, since a statement in it had failed and its error was caught. ' +
      'Let the error through, or put a savepoint before a statement that may fail.',
  );
}
