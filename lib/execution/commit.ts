import type { Lease } from '../members/member';

/** Runs `work` in the transaction that is open on `lease`, ends the transaction by how the work ended, and gives the connection back. */
export async function commitOrRollBack<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await lease.client.query('commit');
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
