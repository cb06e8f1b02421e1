import { isIPv6 } from 'node:net';
import { nearMiss } from './near-miss';
import { PARAMETERS, type UrlParameters } from './url-parameters';

/** What a URL such as `postgresql://app:secret@db.example:5432/shop?sslmode=require` says. */
export interface DatabaseUrl extends UrlParameters {
  /** A name, an address (of IPv6 without brackets), or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** One thing wrong with a URL. Holds nothing of the password. */
export interface UrlFault {
  readonly message: string;
  readonly fix: string;
}

export type ParsedUrl =
  | { readonly url: DatabaseUrl; readonly faults?: undefined }
  | { readonly url?: undefined; readonly faults: readonly UrlFault[] };

const DEFAULT_PORT = 5_432;
const SCHEME = /^postgres(?:ql)?:\/\//i;
const ENCODE = 'In user and password write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A and % as %25.';
const ENCODE_AMPERSAND = 'In a password write & as %26; or leave the parameter out.';

/**
 * Reads a URL of one PostgreSQL server, as `pg` and libpq do where they agree, with everything that is wrong with it at once.
 *
 * What it says beside host, user, password and database must be known: a mistyped `sslmode` is not passed over.
 */
export function parseDatabaseUrl(text: string): ParsedUrl {
  const only = (message: string, fix: string): ParsedUrl => ({ faults: [{ message, fix }] });
  const rest = text.trim().replace(SCHEME, '');
  if (rest === text.trim()) {
    return only('Must be a URL of PostgreSQL.', 'Write postgresql://user:password@host:5432/database.');
  }
  if (rest.includes('#')) return only('There is a # in it, which ends a URL.', ENCODE);
  const [, authority = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  if (path.includes('@') || query.includes('@')) {
    return only('There is an @ after the host: probably user or password have letters that end them.', ENCODE);
  }
  const faults: UrlFault[] = [];
  const fault = (message: string, fix: string) => {
    faults.push({ message, fix });
    return undefined;
  };
  if (path.includes('/')) fault('There is more than a database after the host.', 'Write one name, with / as %2F.');

  const at = authority.lastIndexOf('@');
  const [user, password] = userInfo(at === -1 ? '' : authority.slice(0, at));
  const [host, port] = address(authority.slice(at + 1), fault);
  const said = parameters(query, fault);
  const parts = {
    user: said.own.user ?? decoded(user, 'user', fault),
    password: said.own.password ?? decoded(password, 'password', fault),
    database: said.own.dbname ?? decoded(path === '' ? undefined : path, 'database', fault),
  };
  const decodedHost = decoded(host, 'host', fault) ?? '';
  const url: DatabaseUrl = {
    host: (said.own.host ?? decodedHost) || 'localhost',
    port: portOf(said.own.port ?? port, fault),
    ...(parts.user && { user: parts.user }),
    ...(parts.password && { password: parts.password }),
    ...(parts.database && { database: parts.database }),
    ...said.parameters,
  };
  if (/\s/.test(url.host)) fault('The host has a space in it.', 'Name one host.');
  return faults.length > 0 ? { faults } : { url };
}

/** A URL as it may be shown: of one that cannot be read, where the password ends is not known either, so less of it. */
export function maskUrl(text: string): string {
  const scheme = SCHEME.exec(text.trim())?.[0];
  if (scheme === undefined) return '(hidden: no URL)';
  const { url } = parseDatabaseUrl(text);
  if (!url) {
    const [, server] = /^[^/?#]*@([^/?#@]*)(?:[/?][^@#]*)?$/.exec(text.trim().slice(scheme.length)) ?? [];
    return server === undefined ? `${scheme}…` : `${scheme}***@${server}`;
  }
  const { host, port, user, password, database } = url;
  const who = [user, password === undefined ? undefined : '***'].filter((part) => part !== undefined).join(':');
  const where = isIPv6(host) ? `[${host}]` : host.startsWith('/') ? encodeURIComponent(host) : host;
  return `${scheme}${who ? `${who}@` : ''}${where}:${port}/${database ?? ''}`;
}

type TellFault = (message: string, fix: string) => undefined;

function userInfo(text: string): [string | undefined, string | undefined] {
  const colon = text.indexOf(':');
  if (colon === -1) return [text || undefined, undefined];
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function address(text: string, fault: TellFault): [host: string, port: string | undefined] {
  if (text.includes(',')) {
    fault(
      'It names more than one host.',
      'One URL per server: the primary in DATABASE_URL, replicas in DATABASE_REPLICA_URLS.',
    );
    return ['', undefined];
  }
  const [, v6, v6Port] = /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? [];
  if (v6 !== undefined) {
    if (!isIPv6(v6)) fault('What stands in brackets is no IPv6 address.', 'Write e.g. [2001:db8::1]:5432.');
    return [v6, v6Port];
  }
  const [host = '', port, ...more] = text.split(':');
  if (more.length > 0) {
    fault('The host has more than one colon.', `An IPv6 address stands in brackets: [2001:db8::1]:5432. ${ENCODE}`);
  }
  return [host, more.length > 0 ? undefined : port];
}

function portOf(text: string | undefined, fault: TellFault): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  // Not what stood there: it may be the begin of a password.
  fault('The port must be a whole number, 1 to 65535.', `Write e.g. host:5432. ${ENCODE}`);
  return DEFAULT_PORT;
}

/** As `pg`: a % that begins no code is itself. */
function decoded(text: string | undefined, what: string, fault: TellFault): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    // Its message would quote what could not be decoded.
    return fault(`The ${what} has % codes that are no UTF-8.`, ENCODE);
  }
}

type Own = Partial<Record<'host' | 'port' | 'user' | 'password' | 'dbname', string>>;
const OWN = new Set(['host', 'port', 'user', 'password', 'dbname']);

function parameters(query: string, fault: TellFault): { own: Own; parameters: UrlParameters } {
  const own: Record<string, string> = {};
  let behindPassword = false;
  let read: UrlParameters = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = PARAMETERS.get(name);
    if (OWN.has(name)) {
      own[name] = value;
      behindPassword ||= name === 'password';
    } else if (parameter === undefined && behindPassword) {
      // Probably no name at all: what follows an & of the password.
      fault('What stands behind the password is no parameter that readfleet knows.', ENCODE_AMPERSAND);
    } else if (parameter === undefined) {
      const meant = nearMiss(name, [...OWN, ...PARAMETERS.keys()]);
      fault(
        `${JSON.stringify(name)} is no parameter that readfleet knows.`,
        meant === undefined ? 'Leave it out.' : `Was ${meant} meant?`,
      );
    } else {
      const answer = parameter(value);
      if ('message' in answer) fault(answer.message, answer.fix);
      else read = { ...read, ...answer };
    }
  }
  return { own, parameters: read };
}
