import type { QueryResultRow } from 'pg';
import type { Fleet, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';

/** What runs one statement: a pool or client of `pg`, one of a fleet's pools, the inside of a transaction. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: QueryResultRow[] }>;
}

/** The part of a fleet that is asked. */
export type Reads = Pick<Fleet, 'query' | 'session'>;

/**
 * Runs a statement, by the fleet's routing where it is a fleet.
 *
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET` when `read` is given with something that cannot heed it
 */
export async function ask(
  on: Reads | Queryable,
  text: string,
  values: unknown[],
  read: ReadOptions | undefined,
): Promise<QueryResultRow[]> {
  if (isFleet(on)) return (await on.query(text, values, read)).rows;
  if (read !== undefined) {
    throw new ReadfleetError(
      'READFLEET_NOT_A_FLEET',
      'options for a read (`read`) were given together with a pool, client or transaction, which would not heed them. ' +
        'Give the fleet itself, or leave them out.',
    );
  }
  return (await on.query(text, values)).rows;
}

export function isFleet(on: Reads | Queryable): on is Reads {
  return 'session' in on;
}
