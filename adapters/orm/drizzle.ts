/**
 * Drizzle over a fleet.
 *
 * `drizzle({ client: fleet.pool })` is all that is needed. What is here adds the words of Drizzle's own `withReplicas`.
 *
 * @packageDocumentation
 */
import type { Fleet, FleetPool } from '../../lib';
import { assertFleet } from './assert-fleet';

/** Where statements go when nobody says it. */
export interface DrizzleOptions {
  /**
   * With `primary`, replicas are read where a query says so: `db.$replica.select()`.
   * @default "replica" - each statement goes where it belongs: what is proved to be a read to a replica, all else to the primary
   */
  readonly defaultReads?: 'replica' | 'primary';
}

/** What a database has on a fleet beside its own. */
export interface OnFleet<Database> {
  /** The same database, everything on the primary. */
  readonly $primary: Database;
  /**
   * The same database, everything taken for a read: on a replica, or on the primary when none may serve. Writes are refused there, and so is what
   * PostgreSQL cannot do on a standby.
   */
  readonly $replica: Database;
}

/**
 * A Drizzle database on a fleet, in the place of `withReplicas(primary, replicas)`.
 *
 * It is the database that `open` made, not a copy of its methods, so nothing is missing from it: `query`, `$count`, `$with`, `execute`, `transaction`.
 * Its transactions are whole, and `db.$client.end()` leaves the fleet open: whoever connected it closes it.
 *
 * @param open makes a database on a pool. It is called once for each way to the fleet
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 * @example
 * const fleet = await connect(contract);
 * const db = withReplicas(fleet, (client) => drizzle({ client, schema }));
 * await db.select().from(users); // on a replica
 * await db.$primary.select().from(users);
 */
export function withReplicas<Database extends object>(
  fleet: Fleet,
  open: (client: FleetPool) => Database,
  { defaultReads = 'replica' }: DrizzleOptions = {},
): Database & OnFleet<Database> {
  assertFleet(fleet, 'withReplicas(fleet, open)');
  const $primary = open(fleet.writePool.lend());
  const $replica = open(fleet.readPool.lend());
  const database = open(defaultReads === 'primary' ? fleet.writePool.lend() : fleet.pool.lend());
  return Object.assign(database, { $primary, $replica });
}
