/**
 * TypeORM over a fleet, through its built-in replication.
 *
 * @packageDocumentation
 */
import { defaults } from 'pg';
import type { Fleet, FleetPool, ReadOptions } from '../../lib';
import { checkReadOptions } from '../../lib/check-options';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet } from '../assert-fleet';
import { checkOptions } from './check-options';

/** How TypeORM reads. */
export interface TypeormOptions {
  /**
   * What its reads on replicas ask for: how old an answer may be, an endpoint, a priority. It counts before the fleet's own defaults.
   * @default - nothing: as the fleet was connected
   */
  readonly read?: ReadOptions;
  /**
   * Where `find` and select query builders go when nobody says it: TypeORM's `replication.defaultMode`. With `master`, replicas are read where a
   * query says so: `.setQueryRunner(dataSource.createQueryRunner('slave'))`.
   * @default "slave"
   */
  readonly defaultMode?: 'master' | 'slave';
  /**
   * Whether `dataSource.destroy()` closes the fleet: for a data source that nobody but TypeORM holds, such as that of its commands
   * (`typeorm migration:revert -d …`), some of which end only when nothing is left open.
   * @default false - whoever connected the fleet closes it
   */
  readonly closesFleet?: boolean;
}

/** The part of a `DataSource`'s options that is a fleet: no server, no user and no password stands in them. */
export interface TypeormFleet {
  replication: {
    master: { host: string };
    slaves: { host: string }[];
    defaultMode: 'master' | 'slave';
  };
  /** What TypeORM takes for the package `pg`. */
  driver: object;
}

/** The names by which TypeORM asks our driver for its pools. Nobody resolves them. */
const MASTER = 'readfleet-primary';
const SLAVE = 'readfleet-replicas';

/**
 * A fleet in the place of `replication: { master, slaves }`.
 *
 * The one slave is `fleet.pool`: what TypeORM reads there goes to whichever replica is fresh enough, what is no read to the primary
 * (`FOR UPDATE`, `nextval`, a write within a CTE), and the loss of a replica is not seen. The master is `fleet.writePool`. `dataSource.destroy()`
 * leaves the fleet open: whoever connected it closes it.
 *
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; and when the data source is initialized: `READFLEET_TYPEORM_OPTIONS` where its options speak of
 *   connections, which it does not make
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const dataSource = new DataSource({ type: 'postgres', ...typeorm(fleet), entities: [Post] });
 * await dataSource.initialize();
 */
export function typeorm(fleet: Fleet, options: TypeormOptions = {}): TypeormFleet {
  assertFleet(fleet, 'typeorm(fleet)');
  checkOptions<TypeormOptions>(options, { defaultMode: ['master', 'slave'], closesFleet: [true, false] }, 'typeorm()');
  // The pools are lent when TypeORM connects: that is late to hear of a slip.
  if (options.read !== undefined) checkReadOptions(options.read);
  const { read, defaultMode = 'slave', closesFleet = false } = options;

  /** TypeORM makes one for the master and one for each slave with `new`, which gives what is returned here. */
  function Pool({ host, ...others }: PoolOptionsOfTypeorm): FleetPool {
    if (host !== MASTER && host !== SLAVE) throw notOurs(host);
    refuse(others);
    if (host === SLAVE) return fleet.pool.lend(read);
    return closesFleet ? fleet.writePool : fleet.writePool.lend();
  }

  return {
    replication: { master: { host: MASTER }, slaves: [{ host: SLAVE }], defaultMode },
    // `parseInt8` is a switch of the whole package, which TypeORM looks for here.
    driver: { Pool, defaults },
  };
}

/** What `routeRaw()` needs of a `DataSource`. */
export interface RawQueries<Runner extends { release(): Promise<void> }> {
  // biome-ignore lint/suspicious/noExplicitAny: TypeORM types rows so
  query(query: string, parameters?: any[], queryRunner?: Runner): Promise<any>;
  createQueryRunner(mode: 'slave'): Runner;
}

/**
 * Lets raw SQL (`dataSource.query()`, and that of managers and repositories) go where the statement belongs, which TypeORM sends to the master
 * whatever it says. Not what has a query runner of its own, such as everything in a transaction, and neither migrations nor `synchronize`.
 *
 * @returns the same data source
 * @example
 * const dataSource = routeRaw(new DataSource({ type: 'postgres', ...typeorm(fleet), entities: [Post] }));
 * await dataSource.query('select count(*) from post'); // on a replica
 */
export function routeRaw<Runner extends { release(): Promise<void> }, Source extends RawQueries<Runner>>(
  dataSource: Source & RawQueries<Runner>,
): Source {
  const query = dataSource.query.bind(dataSource);
  dataSource.query = async (text, parameters, queryRunner) => {
    if (queryRunner) return query(text, parameters, queryRunner);
    const routed = dataSource.createQueryRunner('slave');
    try {
      return await query(text, parameters, routed);
    } finally {
      await routed.release();
    }
  };
  return dataSource;
}

/** As the driver gets them; each is undefined unless it was asked for. */
interface PoolOptionsOfTypeorm {
  readonly host?: string;
  readonly [option: string]: unknown;
}

/** Options of a `DataSource` that reach the driver by another name. */
const NAMES: Readonly<Record<string, string>> = {
  max: 'poolSize',
  connectionTimeoutMillis: 'connectTimeoutMS',
  application_name: 'applicationName',
};

/** An option without effect is found in an incident; here it is found when the app starts. */
function refuse(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (given.length === 0) return;
  const names = given.map((name) => `\`${NAMES[name] ?? `extra.${name}`}\``);
  throw new ReadfleetError(
    'READFLEET_TYPEORM_OPTIONS',
    `The DataSource has options of connections, which are the fleet's and not its own: ${names.join(', ')}. ` +
      'Remove them, and say it to connect(contract, { pools, applicationName, … }).',
  );
}

function notOurs(host: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_TYPEORM_OPTIONS',
    `The DataSource asks the driver of a fleet for a server by the name of ${host}: its \`replication\` is not that of typeorm(fleet). ` +
      'Remove `replication`, `host`, `url` and the like from its options, or let `...typeorm(fleet)` stand after them.',
  );
}
