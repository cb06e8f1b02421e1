/**
 * Knex over a fleet, by a dialect of its own.
 *
 * @packageDocumentation
 */
import type { Fleet, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet, kindOf } from '../assert-fleet';
import { type Dialect, dialectOn, type KnexConfig } from './driver/knex-dialect';

/** What is used of the function `knex`: by it, its own dialect for PostgreSQL is found, whichever copy of Knex it comes from. */
export interface KnexFunction<Class> {
  // biome-ignore lint/suspicious/noExplicitAny: whatever Knex's own types say
  (config: any): { readonly client: unknown };
  readonly Client: Class;
}

/**
 * A fleet in the place of `client: 'pg'` and its `connection`: each statement goes where it belongs, whether a builder, `raw` or a stream made it.
 *
 * From BEGIN to COMMIT a transaction has one connection; one with `readOnly: true` may have it on a replica. `knex.destroy()` leaves the fleet open:
 * whoever connected it closes it.
 *
 * @param knex the function that the app calls
 * @param read what all reads of this Knex ask for: a bound, an endpoint, `consistency: 'strong'`. A Knex costs no connection, so that a part of the
 *   app can have one of its own
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; `READFLEET_KNEX_OPTIONS` where `knex` is no function; and when Knex is made or connects:
 *   `READFLEET_KNEX_OPTIONS`, `READFLEET_CLIENT_OPTIONS` where its options speak of connections that it does not make
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const db = knex({ client: knexClient(fleet, knex) });
 * const reports = knex({ client: knexClient(fleet, knex, { endpoint: 'reports', maxStalenessMs: 60_000 }) });
 */
export function knexClient<Client>(fleet: Fleet, knex: KnexFunction<Client>, read?: ReadOptions): Client {
  assertFleet(fleet, 'knexClient(fleet, knex)');
  if (typeof knex !== 'function') throw noFunction(knex);
  const ofPostgres = (knex({ client: 'pg' }).client as object).constructor as Dialect;
  const { database } = fleet.contract;
  const dialect = dialectOn(ofPostgres, fleet, read, (config) => {
    refuse(config);
    // Without one Knex has no pool. To anybody who looks it says what stands here.
    return { ...config, connection: { host: 'readfleet', database } };
  });
  return dialect as unknown as Client;
}

function noFunction(got: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_KNEX_OPTIONS',
    `knexClient(fleet, knex) takes the function \`knex\` of the app's own package, got: ${kindOf(got)}. ` +
      "Write `import knex from 'knex'`, and `knexClient(fleet, knex)`.",
  );
}

function refuse(config: KnexConfig): void {
  for (const option of ['connection', 'connectionPool'] as const) {
    if (config[option] === undefined) continue;
    throw new ReadfleetError(
      'READFLEET_KNEX_OPTIONS',
      `Knex was given a \`${option}\` beside knexClient(fleet, knex): the fleet knows where its members are. Remove it.`,
    );
  }
}
