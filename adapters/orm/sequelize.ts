/**
 * Sequelize over a fleet, through its `replication` option.
 *
 * @packageDocumentation
 */
import { types } from 'pg';
import type { Fleet, ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet } from '../assert-fleet';
import { behind, places } from './driver/behind';
import { type Behind, type ClientConfig, DriverClient } from './driver/client';

/** The part of Sequelize's options that is a fleet: no server, no user and no password stands in them. */
export interface SequelizeFleet {
  dialect: 'postgres';
  /** What Sequelize takes for the package `pg`. */
  dialectModule: object;
  database: string;
  /** Else Sequelize asks the primary before its first read, and cannot read while there is none. */
  databaseVersion: string;
  replication: { write: { host: string }; read: { host: string }[] };
  /** Sequelize keeps clients that have no connection, so this bounds how many statements are under way. */
  pool: { max: number };
  /** Sessions have the time zone of their role, not one that Sequelize sets on each of its connections. */
  keepDefaultTimezone: true;
  dialectOptions: { clientMinMessages: 'ignore' };
}

/** The names by which Sequelize asks our driver for its clients. Nobody resolves them. */
const WRITE = 'readfleet-primary';
const READ = 'readfleet-replicas';

/**
 * A fleet in the place of `replication: { write, read }`.
 *
 * What Sequelize reads goes to whichever replica is fresh enough, what is no read to the primary (`lock: true`, `nextval`, a write within a CTE),
 * and the loss of a replica is not seen. `useMaster: true` and all that Sequelize itself takes for a write run on the primary, a transaction with
 * `readOnly: true` on a replica. `sequelize.close()` leaves the fleet open: whoever connected it closes it.
 *
 * @param read what all reads of this Sequelize ask for, but those with `useMaster: true`: a bound, an endpoint, …
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`; and when Sequelize connects: `READFLEET_SEQUELIZE_OPTIONS`, `READFLEET_CLIENT_OPTIONS` where its
 *   options speak of connections that it does not make
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 * @example
 * const fleet = await connect(contract);
 * const sequelize = new Sequelize({ ...sequelizeOptions(fleet), logging: false });
 */
export function sequelizeOptions(fleet: Fleet, read?: ReadOptions): SequelizeFleet {
  assertFleet(fleet, 'sequelizeOptions(fleet)');
  const replicas = behind(fleet, read);
  const primary = behind(fleet, { consistency: 'strong' });

  /** Sequelize makes one for each connection with `new`, which gives what is returned here. */
  function Client(config: ClientConfig): DriverClient {
    if (config.host !== WRITE && config.host !== READ) throw notOurs(config.host);
    refuse(config, fleet);
    return config.host === WRITE ? new SequelizeClient(primary, config) : new ReadingClient(replicas, config);
  }

  return {
    dialect: 'postgres',
    dialectModule: { types, Client },
    database: fleet.contract.database,
    databaseVersion: `${fleet.contract.engine.major}.0.0`,
    replication: { write: { host: WRITE }, read: [{ host: READ }] },
    pool: { max: places(fleet) },
    keepDefaultTimezone: true,
    dialectOptions: { clientMinMessages: 'ignore' },
  };
}

/** What Sequelize sends to each connection that it makes, before anything else, unless its options say not to. */
const AT_CONNECT = /^SET (?:standard_conforming_strings=on|client_min_messages TO|TIME ZONE) ?[^;]*;/;

class SequelizeClient extends DriverClient {
  private asked = false;

  constructor(fleet: Behind, config: ClientConfig) {
    super(fleet, config);
  }

  override query(config: unknown, values?: unknown, callback?: unknown): unknown {
    const first = !this.asked;
    this.asked = true;
    if (first && typeof config === 'string' && AT_CONNECT.test(config))
      return Promise.reject(settingsAtConnect(config));
    return super.query(config, values, callback);
  }
}

/** Begins what Sequelize means to be read-only, for which it knows no word of PostgreSQL's: it merely takes a connection for reads. */
class ReadingClient extends SequelizeClient {
  override query(config: unknown, values?: unknown, callback?: unknown): unknown {
    return super.query(config === 'START TRANSACTION;' ? 'START TRANSACTION READ ONLY;' : config, values, callback);
  }
}

/** Where to connect to and as whom is the fleet's affair. Of a `host` Sequelize tells nobody who has `replication`: it uses that of `replication`. */
function refuse({ user, password, port, database }: ClientConfig, { contract }: Fleet): void {
  const given = [
    ...(user ? ['`username`'] : []),
    ...(password ? ['`password`'] : []),
    // Sequelize's own, where nobody says one.
    ...(port && Number(port) !== 5432 ? ['`port`'] : []),
    ...(database && database !== contract.database
      ? [`\`database\` (the fleet is connected to ${contract.database})`]
      : []),
  ];
  if (given.length === 0) return;
  throw new ReadfleetError(
    'READFLEET_SEQUELIZE_OPTIONS',
    `Sequelize was given, by its options or by a URL, what is the fleet's to know: ${given.join(', ')}. ` +
      'Remove it, and write `new Sequelize({ ...sequelizeOptions(fleet), … })`.',
  );
}

function settingsAtConnect(statement: string): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_SEQUELIZE_OPTIONS',
    `Sequelize sets up each of its connections by itself (${statement}), which would keep all of its reads from the replicas: its options are not ` +
      'those of sequelizeOptions(fleet). Let `keepDefaultTimezone: true` and `dialectOptions.clientMinMessages: "ignore"` stand, and say such settings ' +
      "for the role: alter role … set timezone = 'UTC'.",
  );
}

function notOurs(host: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_SEQUELIZE_OPTIONS',
    `Sequelize asks the driver of a fleet for a server by the name of ${host}: its \`replication\` is not that of sequelizeOptions(fleet). ` +
      'Remove `replication`, `host`, the URL and the like from its options, or let `...sequelizeOptions(fleet)` stand after them.',
  );
}
