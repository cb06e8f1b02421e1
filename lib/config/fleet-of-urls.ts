import { CONTRACT_VERSION, type ContractAuth, type ContractLag, type FleetContract, type Topology } from '../contract';
import type { Password, Tls } from '../members/connection';
import type { ConnectOptions } from '../options';
import type { Problem } from '../problems';
import { type DatabaseUrl, maskUrl } from './database-url';
import { aliasOfHost, isRdsHost, regionOfHost } from './rds-host';

/** A URL that was read, and where it stood. */
export interface NamedUrl {
  /** Of the member. */
  readonly name: string;
  readonly variable: string;
  readonly text: string;
  readonly url: DatabaseUrl;
}

/** What a fleet of URLs is beside its servers. */
export interface FleetFacts {
  readonly fleet?: string | undefined;
  readonly environment?: string | undefined;
  readonly topology?: Topology | undefined;
  readonly lag: ContractLag;
  /** For URLs that name none: `PGUSER`, `PGPASSWORD`, as `pg` has it. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

export interface UrlFleet {
  readonly contract: FleetContract;
  readonly options: ConnectOptions;
  readonly notes: readonly string[];
}

export const URL_CODE = 'READFLEET_ENV_INVALID';
const POOLER_NOTE =
  'pgbouncer=true: sessions hold nothing between transactions (SET, advisory locks, LISTEN, prepared statements), and a replica that is promoted ' +
  'is noticed by the next look at it, not with its answer. Better name the servers themselves: readfleet has pools of its own.';
/** The least that a contract may say. Nothing of the library rests on it, and no server has been asked yet. */
const MAJOR = 13;

/**
 * One fleet of a primary and replicas that were named one by one.
 *
 * They are one database seen through one role, with one way to secure connections: whoever is promoted must be able to take the primary's place.
 */
export function fleetOfUrls(primary: NamedUrl, replicas: readonly NamedUrl[], facts: FleetFacts): UrlFleet | Problem[] {
  const problems: Problem[] = [];
  const tell = (at: NamedUrl, message: string, fix: string) =>
    problems.push({ code: URL_CODE, path: at.variable, got: maskUrl(at.text), message, fix });
  const notes: string[] = [];
  const others = replicas.filter((replica) => {
    if (!sameServer(replica, primary)) return true;
    notes.push(`${replica.variable} names the primary itself: it was left out, and reads go to the primary.`);
    return false;
  });
  const all = [primary, ...others];
  const user = primary.url.user ?? facts.user;
  const { database } = primary.url;
  if (user === undefined) tell(primary, 'It names no user.', 'Write postgresql://user:password@host:5432/database.');
  if (database === undefined) tell(primary, 'It names no database.', 'Put /database behind the host.');
  for (const [index, at] of all.entries()) {
    const alias = aliasOfHost(at.url.host);
    if (alias !== undefined) tell(at, ...refusalOf(alias));
    if (all.slice(0, index).some((before) => sameServer(before, at))) {
      tell(at, 'It names a server that another URL names already.', 'Name each server once.');
    }
  }
  for (const at of others) {
    if (at.url.database !== undefined && database !== undefined && at.url.database !== database) {
      tell(at, `It names another database than ${primary.variable}.`, `A replica has the primary's: name ${database}.`);
    }
    if (at.url.user !== undefined && user !== undefined && at.url.user !== user) {
      tell(at, `It names another user than ${primary.variable}.`, `A replica has the primary's roles: name ${user}.`);
    }
  }
  const tls = tlsOf(all, tell);
  const authorities = agreed(all, 'authorities', 'another sslrootcert', tell);
  const auth = authOf(all, user ?? '', facts.password, tls, tell);
  if (problems.length > 0) return problems;
  const region = regionOfHost(primary.url.host);
  const pooler = all.some(({ url }) => url.pooler);
  if (pooler) notes.push(POOLER_NOTE);
  const { applicationName, connectTimeoutMs } = primary.url;
  const password = passwords(all, facts.password);
  return {
    contract: {
      version: CONTRACT_VERSION,
      fleet: facts.fleet ?? nameFrom(database as string),
      environment: facts.environment ?? 'default',
      topology: facts.topology ?? 'instances',
      ...(region !== undefined && { region }),
      engine: { major: MAJOR },
      database: database as string,
      auth,
      tls: tls === 'disable' ? 'disable' : 'verify-full',
      writer: memberOf(primary, region),
      readers: others.map((at) => memberOf(at, region)),
      lag: facts.lag,
    },
    options: {
      ...(tls === 'no-verify' && { tls }),
      ...(authorities !== undefined && { ca: authorities }),
      ...(pooler && { pooler }),
      ...(password !== undefined && { password }),
      ...(applicationName !== undefined && { applicationName }),
      ...(connectTimeoutMs !== undefined && { pools: { connectTimeoutMs } }),
    },
    notes,
  };
}

/** A text as the name of a fleet, an environment or a member must be. */
export function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name || 'fleet';
}

type Tell = (at: NamedUrl, message: string, fix: string) => void;

function sameServer(one: NamedUrl, other: NamedUrl): boolean {
  return one.url.host.toLowerCase() === other.url.host.toLowerCase() && one.url.port === other.url.port;
}

function memberOf({ name, url: { host, port } }: NamedUrl, fleets: string | undefined) {
  const region = regionOfHost(host);
  return { name, host, port, ...(region !== undefined && region !== fleets && { region }) };
}

function refusalOf(alias: 'reader endpoint' | 'proxy'): [message: string, fix: string] {
  const what = alias === 'proxy' ? 'an RDS Proxy' : 'the reader endpoint of a cluster';
  const why = `It is ${what}: another server may answer each connection, so nothing is known of its lag.`;
  return alias === 'proxy'
    ? [why, "Name the instances themselves; or connect() with a contract that names the proxy, and { via: 'proxy' }."]
    : [why, 'Name the endpoint of each instance in DATABASE_REPLICA_URLS.'];
}

/** Where a URL does not say: hosts of RDS are verified, all others are spoken to in the clear, as by `pg`. */
function tlsOf(all: readonly NamedUrl[], tell: Tell): Tls {
  const of = ({ url }: NamedUrl): Tls => url.tls ?? (isRdsHost(url.host) ? 'verify-full' : 'disable');
  const first = of(all[0] as NamedUrl);
  for (const at of all) {
    if (of(at) === 'no-verify' && isRdsHost(at.url.host)) {
      tell(at, 'A host of RDS can be verified: readfleet knows its authorities.', 'Leave sslmode out.');
    } else if (of(at) !== first) {
      tell(
        at,
        `TLS is ${JSON.stringify(of(at))} here and ${JSON.stringify(first)} in ${all[0]?.variable}.`,
        'A fleet has one way for all: say the same sslmode in each URL.',
      );
    }
  }
  return first;
}

function agreed(all: readonly NamedUrl[], field: 'authorities', what: string, tell: Tell): string | undefined {
  const first = all[0]?.url[field];
  for (const at of all) {
    if (at.url[field] !== first) tell(at, `It has ${what} than ${all[0]?.variable}.`, 'Say the same in each URL.');
  }
  return first;
}

/** On RDS, who has no password logs in with IAM: there is no other way in. */
function authOf(
  all: readonly NamedUrl[],
  user: string,
  fallback: string | undefined,
  tls: Tls,
  tell: Tell,
): ContractAuth {
  const primary = all[0] as NamedUrl;
  const password = primary.url.password ?? fallback;
  if (password !== undefined || !isRdsHost(primary.url.host))
    return { kind: 'password', user, password: password ?? '' };
  if (tls === 'disable') {
    tell(primary, 'It has no password, so IAM is how to log in, and that needs TLS.', 'Leave sslmode=disable out.');
  }
  for (const at of all) {
    if (at.url.password !== undefined) {
      tell(at, `It has a password, and ${primary.variable} has none.`, 'Give each a password, or none for IAM.');
    }
  }
  return { kind: 'iam', user };
}

/** Only where they differ: the contract has that of the primary. */
function passwords(all: readonly NamedUrl[], fallback: string | undefined): Password | undefined {
  const of = ({ url }: NamedUrl) => url.password ?? all[0]?.url.password ?? fallback ?? '';
  const first = of(all[0] as NamedUrl);
  if (all.every((at) => of(at) === first)) return undefined;
  const byAddress = new Map(all.map((at) => [`${at.url.host}:${at.url.port}`, of(at)]));
  return ({ host, port }) => byAddress.get(`${host}:${port}`) ?? first;
}
