/**
 * Prisma over a fleet, through `@prisma/adapter-pg`.
 *
 * @packageDocumentation
 */
import type { Fleet, FleetPool, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet } from '../assert-fleet';
import { checkOptions } from './check-options';
import { checkAdapter, checkOpen } from './prisma/check-adapter';
import { keepSessionsApart } from './prisma/keep-sessions-apart';

/** Where statements go when nobody says it. */
export interface PrismaOptions {
  /**
   * With `primary`, replicas are read where a query says so: `prisma.$replica().user.findMany()`.
   * @default "replica" - each statement goes where it belongs: what is proved to be a read to a replica, all else to the primary
   */
  readonly defaultReads?: 'replica' | 'primary';
  /**
   * What its reads ask for: an endpoint, a bound of staleness.
   * @default - what the fleet was connected with
   */
  readonly read?: ReadOptions;
}

/** What a client has on a fleet beside its own, in the words of `@prisma/extension-read-replicas`. */
export interface OnFleet<Client> {
  /** The same client, everything on the primary. In a transaction it is that of the transaction, which is on the primary. */
  $primary(): Client;
  /**
   * The same client, everything taken for a read: on a replica, or on the primary when none may serve. Writes are refused there.
   *
   * @throws ReadfleetError `READFLEET_PRISMA_IN_TRANSACTION`
   */
  $replica(): Client;
}

/**
 * A Prisma client on a fleet, in the place of `$extends(readReplicas({ replicas }))`.
 *
 * Beside what `new PrismaPg(fleet.pool)` alone gives:
 *
 * - requests that Prisma sends together (`findUnique` of one tick, `$transaction([…])`) stay in the sessions of those who made them
 * - a read with relations is several statements, of which none sees less than those before it
 * - `$primary()` and `$replica()`
 *
 * `prisma.$disconnect()` leaves the fleet open: whoever connected it closes it.
 *
 * @param open makes a client on a pool, with its own extensions and listeners. It is called again for `$primary()` and `$replica()`, once each, when they are
 *   asked for first
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; `READFLEET_PRISMA_CLIENT` where `open` gives no client of Prisma 7 on that pool
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const prisma = withReplicas(fleet, (pool) => new PrismaClient({ adapter: new PrismaPg(pool) }));
 * await prisma.user.findMany(); // on a replica
 * await prisma.$primary().user.findMany();
 */
export function withReplicas<Client extends object>(
  fleet: Fleet,
  open: (pool: FleetPool) => Client,
  options: PrismaOptions = {},
): Client & OnFleet<Client> {
  assertFleet(fleet, 'withReplicas(fleet, open)');
  checkOptions<PrismaOptions>(options, { defaultReads: ['replica', 'primary'] }, 'withReplicas()');
  checkOpen(open);
  const { defaultReads = 'replica', read } = options;

  function on(lender: FleetPool): Client {
    const pool = lender.lend(read);
    const client = open(pool);
    checkAdapter(client, pool);
    keepSessionsApart(client, fleet);
    return client;
  }

  let primary: Client | undefined;
  let replica: Client | undefined;
  return Object.assign(on(defaultReads === 'primary' ? fleet.writePool : fleet.pool), {
    $primary(this: Client): Client {
      if (isOfTransaction(this)) return this;
      primary ??= on(fleet.writePool);
      return primary;
    },
    $replica(this: Client): Client {
      if (isOfTransaction(this)) throw inTransaction();
      replica ??= on(fleet.readPool);
      return replica;
    },
  });
}

/** What Prisma hands to the work of `$transaction` cannot be disconnected. */
function isOfTransaction(client: object): boolean {
  return !('$disconnect' in client);
}

function inTransaction(): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_PRISMA_IN_TRANSACTION',
    '$replica() was called in a transaction, which is on one connection. Read by the client of the transaction, or before it begins.',
  );
}
