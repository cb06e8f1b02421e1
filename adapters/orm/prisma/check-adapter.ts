import type { FleetPool } from '../../../lib';
import { ReadfleetError } from '../../../lib/errors';

/** What `PrismaPg` makes of what it is given: null where it takes it for options of a pool of its own. */
interface Given {
  readonly _engineConfig?: { readonly adapter?: { readonly externalPool?: unknown } };
}

/**
 * `PrismaPg` knows a pool by its class. Where it has another copy of `pg`, it takes a fleet for the options of a pool, and asks whichever server those
 * happen to name.
 *
 * @throws ReadfleetError `READFLEET_PRISMA_CLIENT`
 */
export function checkAdapter(client: object, pool: FleetPool): void {
  const adapter = (client as Given)._engineConfig?.adapter;
  if (adapter?.externalPool === pool) return;
  const got =
    adapter === undefined
      ? 'a client without an adapter'
      : adapter.externalPool === null
        ? 'a client whose PrismaPg does not take the pool for one: there are two copies of "pg" (`npm ls pg`)'
        : 'a client on something else';
  throw new ReadfleetError(
    'READFLEET_PRISMA_CLIENT',
    `withReplicas(fleet, open): open(pool) must give a Prisma client on that pool, got: ${got}. ` +
      'Write `(pool) => new PrismaClient({ adapter: new PrismaPg(pool) })`, with one copy of "pg" for @prisma/adapter-pg and readfleet (`npm dedupe`).',
  );
}
