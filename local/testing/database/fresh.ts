import { randomBytes } from 'node:crypto';
import { type Client, escapeIdentifier } from 'pg';
import { connect } from '../../../lib/connect';
import { ReadfleetError } from '../../../lib/errors';
import type { Fleet } from '../../../lib/fleet';
import type { ConnectOptions } from '../../../lib/options';
import { withPlainClient } from '../../control';
import { until } from '../../until';
import { testOptions } from '../options';
import { type Breakable, serversOf } from '../servers/find';
import { holding } from '../servers/hold';
import { type TestServer, type TestServers, targetOn } from '../servers/servers';
import { sharedFleet } from '../servers/shared';
import { addressIn, type DatabaseAddress } from './address';
import { databaseOf, type Template } from './template';

/** How long replicas may take to have a new database, in milliseconds. */
const REPLICAS_DEADLINE_MS = 30_000;

/** What `freshDatabase()` makes, and on which servers. */
export interface FreshDatabaseOptions {
  /** What it begins as. @default - empty */
  readonly template?: Template;
  /** Where it is made: a `LocalFleet`, say. @default sharedFleet() */
  readonly servers?: TestServers;
}

/** A database that a test has for itself, on the primary and on every replica. */
export interface FreshDatabase extends DatabaseAddress, AsyncDisposable {
  /** `connect(contract, testOptions(options))`. {@link drop} closes it. */
  connect(options?: ConnectOptions): Promise<Fleet>;
  /** Closes what {@link connect} made, and drops the database, whoever is still in it. May be called again. */
  drop(): Promise<void>;
}

/**
 * Makes a database in some tens of milliseconds, and returns when every replica has it.
 *
 * @throws ReadfleetError `READFLEET_TESTING_NO_FLEET`, `READFLEET_TESTING_UNKNOWN_SERVERS`; `READFLEET_TESTING_BEHIND` when a replica does not get it;
 *   what the template's `make` throws
 */
export async function freshDatabase(options: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const servers = breakable(options.servers);
  const { contract } = servers;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const fleets = new Set<Fleet>();
  await holding(servers, 'undisturbed', () => create(servers, name, options.template));
  const drop = async () => {
    await Promise.all([...fleets].map((fleet) => fleet.close()));
    fleets.clear();
    await onPrimary(servers, (client) =>
      client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`),
    );
  };
  return {
    ...addressIn(contract, name),
    async connect(more) {
      const fleet = await connect({ ...contract, database: name }, testOptions(more));
      fleets.add(fleet);
      return fleet;
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

async function create(servers: Breakable, name: string, template: Template | undefined): Promise<void> {
  const lsn = await onPrimary(servers, async (client) => {
    const addressOf = (database: string) => addressIn(servers.contract, database);
    const source = template ? await databaseOf(template, client, addressOf) : 'template1';
    // Files are copied, on the primary and on each replica, instead of being logged page by page: with fsync off that is faster at every size.
    const how = `template ${escapeIdentifier(source)} strategy file_copy`;
    await client.query(`create database ${escapeIdentifier(name)} ${how}`);
    const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn');
    return rows[0]?.lsn;
  });
  await Promise.all(servers.replicas.map((replica) => replayed(servers, replica, lsn)));
}

async function replayed(servers: TestServers, replica: TestServer, lsn: string | undefined): Promise<void> {
  const there = await onServer(servers, replica, (client) =>
    until(
      async () => {
        const { rows } = await client.query('select where pg_last_wal_replay_lsn() >= $1::pg_lsn', [lsn]);
        return rows.length > 0;
      },
      REPLICAS_DEADLINE_MS,
      1,
    ),
  );
  if (there) return;
  throw new ReadfleetError(
    'READFLEET_TESTING_BEHIND',
    `${replica.name}: the new database has not come there within ${REPLICAS_DEADLINE_MS / 1_000} s. Is its replay paused, or delayed? ` +
      'Make databases before faults.',
  );
}

function onPrimary<T>(servers: TestServers, work: (client: Client) => Promise<T>): Promise<T> {
  return onServer(servers, servers.primary, work);
}

function onServer<T>(servers: TestServers, server: TestServer, work: (client: Client) => Promise<T>): Promise<T> {
  return withPlainClient(targetOn(servers.contract, server), work);
}

function breakable(servers: TestServers | undefined): Breakable {
  return servers ? serversOf(servers.contract) : sharedFleet();
}
