/**
 * Kysely over a fleet, by the pool of its `PostgresDialect`.
 *
 * @packageDocumentation
 */
import type { Fleet, FleetPool, ReadOptions } from '../../lib';
import { assertFleet } from './assert-fleet';

/**
 * A fleet in the place of the `pool` of a `PostgresDialect`: each statement goes where it belongs, whether a builder, the `sql` tag or a plugin made it.
 *
 * It is a pool of its own over the fleet's connections. `db.destroy()` ends it and leaves the fleet open: whoever connected it closes it.
 *
 * @param read what all reads of this `Kysely` ask for: a bound, an endpoint, `consistency: 'strong'`, a signal that cancels them on their server. A
 *   `Kysely` costs no connection, so that a part of the app, or a request, can have one of its own
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: kyselyPool(fleet) }) });
 * const reports = new Kysely<Database>({
 *   dialect: new PostgresDialect({ pool: kyselyPool(fleet, { endpoint: 'reports', maxStalenessMs: 60_000 }) }),
 * });
 */
export function kyselyPool(fleet: Fleet, read?: ReadOptions): FleetPool {
  assertFleet(fleet, 'kyselyPool(fleet)');
  return fleet.pool.lend(read);
}
