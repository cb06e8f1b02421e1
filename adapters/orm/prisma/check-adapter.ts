import type { FleetPool } from '../../../lib';
import { ReadfleetError } from '../../../lib/errors';
import { kindOf } from '../../assert-fleet';

interface Given {
  readonly _engineConfig?: { readonly adapter?: Adapter };
}

interface Adapter {
  /** Null where `PrismaPg` took what it was given for options of a pool of its own. */
  readonly externalPool?: unknown;
  /** What it was given, where that was no pool to it. */
  readonly config?: unknown;
  readonly options?: { readonly disposeExternalPool?: boolean };
}

/** @throws ReadfleetError `READFLEET_PRISMA_CLIENT` */
export function checkOpen(open: unknown): void {
  if (typeof open !== 'function') throw refused('open must be a function that makes', kindOf(open));
}

/**
 * `PrismaPg` knows a pool by its class. Where it has another copy of `pg`, it takes a fleet for the options of a pool, and asks whichever server those
 * happen to name.
 *
 * @throws ReadfleetError `READFLEET_PRISMA_CLIENT`
 */
export function checkAdapter(client: object, pool: FleetPool): void {
  const got = isClient(client) ? problem(client._engineConfig?.adapter, pool) : kindOf(client);
  if (got !== undefined) throw refused('open(pool) must give', got);
}

function refused(wanted: string, got: string): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_PRISMA_CLIENT',
    `withReplicas(fleet, open): ${wanted} a Prisma client on the pool that open is called with, got: ${got}. ` +
      'Write `(pool) => new PrismaClient({ adapter: new PrismaPg(pool) })`.',
  );
}

/** Not a promise of one, nor nothing, where a function forgot to return it. */
function isClient(given: unknown): given is Given {
  return typeof given === 'object' && given !== null && !('then' in given);
}

function problem(adapter: Adapter | undefined, pool: FleetPool): string | undefined {
  if (!adapter) return 'a client without an adapter';
  if (adapter.externalPool === null && adapter.config !== pool)
    return 'one whose PrismaPg was not given the pool, but options, by which it makes a pool of its own';
  if (adapter.externalPool === null)
    return 'one whose PrismaPg takes the pool for options: @prisma/adapter-pg and readfleet have two copies of "pg" (`npm ls pg`, `npm dedupe`)';
  if (adapter.externalPool !== pool) return 'a client on something else';
  // Asked again after `$disconnect()`, it would go on with a pool of its own, to the primary alone.
  return adapter.options?.disposeExternalPool
    ? 'one with `disposeExternalPool`, and the pool is not its own to end'
    : undefined;
}
