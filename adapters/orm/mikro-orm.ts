/**
 * MikroORM over a fleet, by a driver of its own.
 *
 * @packageDocumentation
 */
import type { Fleet, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet, kindOf } from '../assert-fleet';
import { type AnyArguments, type Dialect, dialectOn } from './driver/knex-dialect';

/** What is used of a connection of MikroORM: it makes its Knex when it is first asked for. */
interface SqlConnection {
  /** @param dialect in the first versions of MikroORM 6 the name that Knex has for it */
  createKnexClient(dialect: Dialect | string): { readonly client: object };
  begin(options?: { readonly readOnly?: boolean }): Promise<unknown>;
}

/** What is used of a configuration of MikroORM. */
interface MikroConfig {
  get(option: string): unknown;
}

/** `PostgreSqlDriver`, of whichever copy of MikroORM. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript wants of a class that is to be extended
export type MikroOrmDriverClass = new (...args: any[]) => object;

/**
 * A fleet in the place of the servers of MikroORM's options: `host`, `password`, `replicas` and the like.
 *
 * What MikroORM reads by default (`em.find()`, query builders) goes to whichever replica is fresh enough, what is no read to the primary (a lock,
 * `nextval`, a write within a CTE), and the loss of a replica is not seen. `connectionType: 'write'` and all that MikroORM itself takes for a write
 * run on the primary, and so does a transaction unless it has `readOnly: true`. `orm.close()` leaves the fleet open: whoever connected it closes it.
 *
 * @param driver `PostgreSqlDriver` of the app's own `@mikro-orm/postgresql`
 * @param read   what all reads ask for, but those with `connectionType: 'write'`: a bound, an endpoint, …
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; and when MikroORM is made or connects: `READFLEET_MIKRO_ORM_OPTIONS`, `READFLEET_KNEX_OPTIONS`,
 *   `READFLEET_CLIENT_OPTIONS` where its options speak of connections that it does not make
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const orm = await MikroORM.init({
 *   driver: mikroOrmDriver(fleet, PostgreSqlDriver),
 *   dbName: fleet.contract.database,
 *   entities: [Post],
 * });
 */
export function mikroOrmDriver<Driver extends MikroOrmDriverClass>(
  fleet: Fleet,
  driver: Driver,
  read?: ReadOptions,
): Driver {
  assertFleet(fleet, 'mikroOrmDriver(fleet, PostgreSqlDriver)');
  if (typeof driver !== 'function') throw noDriver(driver);
  return class extends driver {
    constructor(...args: AnyArguments) {
      const [config] = args as [MikroConfig];
      refuse(config, fleet);
      super(...args);
      const own = this as unknown as { connection: SqlConnection; replicas: SqlConnection[] };
      const Connection = own.connection.constructor as new (...args: unknown[]) => SqlConnection;
      const reading = on(fleet, read, new Connection(config, { name: 'fleet' }, 'read'));
      const writing = on(fleet, { consistency: 'strong' }, own.connection);
      const begin = writing.begin.bind(writing);
      // What is begun for reading alone needs no primary. A part of a transaction is begun on the connection of the whole, whoever begins it.
      writing.begin = (options) => (options?.readOnly ? reading.begin(options) : begin(options));
      own.replicas = [reading];
    }
  };
}

/** A connection whose Knex is one over the fleet. */
function on(fleet: Fleet, read: ReadOptions | undefined, connection: SqlConnection): SqlConnection {
  const createKnexClient = connection.createKnexClient.bind(connection);
  connection.createKnexClient = (dialect) => {
    // A Knex that is not asked for anything connects to nothing, and shows the class behind the name.
    const base = typeof dialect === 'string' ? createKnexClient(dialect).client.constructor : dialect;
    return createKnexClient(dialectOn(base as Dialect, fleet, read, (config) => config));
  };
  return connection;
}

function noDriver(got: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_MIKRO_ORM_OPTIONS',
    `mikroOrmDriver(fleet, PostgreSqlDriver) takes the class of the app's own package, got: ${kindOf(got)}. ` +
      "Write `import { PostgreSqlDriver } from '@mikro-orm/postgresql'`.",
  );
}

function refuse(config: MikroConfig, { contract }: Fleet): void {
  const replicas = config.get('replicas') as readonly unknown[] | undefined;
  if (replicas && replicas.length > 0) {
    throw new ReadfleetError(
      'READFLEET_MIKRO_ORM_OPTIONS',
      'MikroORM was given `replicas` beside mikroOrmDriver(fleet, …): the fleet knows where its members are. Remove them.',
    );
  }
  const dbName = config.get('dbName');
  if (dbName === contract.database) return;
  throw new ReadfleetError(
    'READFLEET_MIKRO_ORM_OPTIONS',
    `MikroORM is to use the database ${dbName}, and the fleet is connected to ${contract.database}. Give it \`dbName: fleet.contract.database\`.`,
  );
}
