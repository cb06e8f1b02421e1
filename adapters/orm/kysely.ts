/**
 * Kysely over a fleet, by the pool of its `PostgresDialect`.
 *
 * @packageDocumentation
 */
import type { Fleet, FleetPool, ReadOptions } from '../../lib';
import { assertFleet } from '../assert-fleet';
import { letClose } from './driver/cursor';

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

/** `pg-cursor`, as far as it matters here. */
type CursorClass = new (
  // biome-ignore lint/suspicious/noExplicitAny: what TypeScript wants of a class that is to be extended
  ...args: any[]
) => { close(): Promise<void> };

/**
 * `pg-cursor` for the `cursor` of a `PostgresDialect`, so that a stream whose server dies ends with an error.
 *
 * At the end of a loop Kysely closes the cursor, and `pg-cursor` waits for the server's word on that: for ever, where the connection has gone. The loop
 * would never end, nor its error be seen, nor the connection go back.
 *
 * @example
 * import Cursor from 'pg-cursor';
 *
 * const dialect = new PostgresDialect({ pool: kyselyPool(fleet), cursor: kyselyCursor(Cursor) });
 */
export function kyselyCursor<Class extends CursorClass>(Cursor: Class): Class {
  return class extends Cursor {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      super(...args);
      letClose(this);
    }
  };
}
