import type { FleetPool } from '../../../lib';
import { ReadfleetError } from '../../../lib/errors';

interface Given {
  readonly _engineConfig?: { readonly adapter?: Adapter };
}

interface Adapter {
  /** Null where `PrismaPg` took what it was given for options of a pool of its own. */
  readonly externalPool?: unknown;
  readonly options?: { readonly disposeExternalPool?: boolean };
}

/**
 * `PrismaPg` knows a pool by its class. Where it has another copy of `pg`, it takes a fleet for the options of a pool, and asks whichever server those
 * happen to name.
 *
 * @throws ReadfleetError `READFLEET_PRISMA_CLIENT`
 */
export function checkAdapter(client: object, pool: FleetPool): void {
  const adapter = (client as Given)._engineConfig?.adapter;
  const got = problem(adapter, pool);
  if (got === undefined) return;
  throw new ReadfleetError(
    'READFLEET_PRISMA_CLIENT',
    `withReplicas(fleet, open): open(pool) must give a Prisma client on that pool, got: ${got}. ` +
      'Write `(pool) => new PrismaClient({ adapter: new PrismaPg(pool) })`.',
  );
}

function problem(adapter: Adapter | undefined, pool: FleetPool): string | undefined {
  if (!adapter) return 'a client without an adapter';
  if (adapter.externalPool === null)
    return 'one whose PrismaPg takes the pool for options: @prisma/adapter-pg and readfleet have two copies of "pg" (`npm ls pg`, `npm dedupe`)';
  if (adapter.externalPool !== pool) return 'a client on something else';
  // Asked again after `$disconnect()`, it would go on with a pool of its own, to the primary alone.
  return adapter.options?.disposeExternalPool
    ? 'one with `disposeExternalPool`, and the pool is not its own to end'
    : undefined;
}
