/**
 * Drizzle over a fleet.
 *
 * @packageDocumentation
 */
import type { PoolClient } from 'pg';
import type { Fleet, FleetPool, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet, kindOf } from '../assert-fleet';
import { checkOptions } from './check-options';

/** Where statements go when nobody says it. */
export interface DrizzleOptions {
  /**
   * With `primary`, replicas are read where a query says so: `db.$replica.select()`.
   * @default "replica" - each statement goes where it belongs: what is proved to be a read to a replica, all else to the primary
   */
  readonly defaultReads?: 'replica' | 'primary';
  /**
   * What its reads ask for: an endpoint, a bound of staleness, a signal. A database costs no connection, so a part of the app or one request may have its
   * own.
   * @default - what the fleet was connected with
   */
  readonly read?: ReadOptions;
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
 * `db.$client.end()` leaves the fleet open: whoever connected it closes it.
 *
 * `drizzle({ client: fleet.pool })` routes as well. It has no `$primary` and `$replica`, and loses a connection with each `BEGIN` that fails, as Drizzle
 * does with any pool (drizzle-orm #6023); a pool that comes from here gets it back. A transaction that is on no one connection is an error here:
 * `READFLEET_DRIZZLE_TRANSACTION`.
 *
 * @param open makes a database on a pool; called once for each way to the fleet
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; `READFLEET_DRIZZLE_DATABASE` where `open` makes no database
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const db = withReplicas(fleet, (client) => drizzle({ client, schema }));
 * await db.select().from(users); // on a replica
 * await db.$primary.select().from(users);
 */
export function withReplicas<Database extends object>(
  fleet: Fleet,
  open: (client: FleetPool) => Database,
  options: DrizzleOptions = {},
): Database & OnFleet<Database> {
  assertFleet(fleet, 'withReplicas(fleet, open)');
  checkOptions<DrizzleOptions>(options, { defaultReads: ['replica', 'primary'] }, 'withReplicas()');
  const { defaultReads = 'replica', read } = options;
  if (typeof open !== 'function') throw noDatabase('open', open);
  const on = (lender: FleetPool) => databaseOf(open(safeFor(lender.lend(read))));
  const $primary = on(fleet.writePool);
  const $replica = on(fleet.readPool);
  const database = on(defaultReads === 'primary' ? fleet.writePool : fleet.pool);
  return Object.assign(database, { $primary, $replica });
}

/** Also what makes no database: a promise of one, or nothing, where a function forgot to return it. */
function databaseOf<Database extends object>(made: Database): Database {
  if (typeof made !== 'object' || made === null || 'then' in made) throw noDatabase('open(client)', made);
  return made;
}

function noDatabase(what: string, got: unknown): ReadfleetError {
  const wanted =
    what === 'open' ? 'must be a function that makes a database of Drizzle' : 'must give a database of Drizzle';
  return new ReadfleetError(
    'READFLEET_DRIZZLE_DATABASE',
    `withReplicas(fleet, open): ${what} ${wanted}, got: ${kindOf(got)}. Write \`(client) => drizzle({ client, schema })\`.`,
  );
}

/** A pool with which Drizzle can do nothing wrong. To others, who get it as `db.$client`, it is like any. */
function safeFor(pool: FleetPool): FleetPool {
  const connect = pool.connect.bind(pool) as Method<PoolClient>;
  const query = pool.query.bind(pool) as Method<unknown>;
  const safe: { readonly connect: Method<PoolClient>; readonly query: Method<unknown> } = {
    connect: (...args) => (args.length > 0 ? connect(...args) : connect().then(givenBackIfTheFirstFails)),
    query: (...args) => (begins(args[0]) ? Promise.reject(onNoConnection()) : query(...args)),
  };
  return Object.assign(pool, safe as Partial<FleetPool>);
}

type Method<Result> = (...args: unknown[]) => Promise<Result>;

function begins(statement: unknown): boolean {
  return /^\s*(begin|start\s+transaction)\b/i.test((statement as { readonly text?: string }).text ?? '');
}

/** Before it went by the name too, Drizzle knew a pool by its class, and ran the statements of a transaction one by one on what it did not know. */
function onNoConnection(): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_DRIZZLE_TRANSACTION',
    'A transaction began on the pool, and not on one connection of it. Where that was db.transaction(), drizzle-orm and readfleet have two copies of "pg" ' +
      '(`npm ls pg`, `npm dedupe`); where it was db.execute(), write db.transaction().',
  );
}

/** A client is checked out for transactions alone, and Drizzle forgets it where their first statement fails. */
function givenBackIfTheFirstFails(client: PoolClient): PoolClient {
  const query = client.query as Method<unknown>;
  return Object.assign(client, {
    query(...args: unknown[]) {
      Object.assign(client, { query });
      const begun = query.apply(client, args);
      // With the error, so that nobody gets a connection on which it may still be under way.
      begun.catch((error) => client.release(error));
      return begun;
    },
  });
}
