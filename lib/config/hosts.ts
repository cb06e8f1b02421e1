import { isIPv6 } from 'node:net';
import type { Problem } from '../problems';
import { URL_CODE as CODE } from './fleet-of-urls';
import { shown } from './shown';
import { type Environment, textOf } from './variables';

/** A URL where it stands, with the name that its member is to have. */
export interface Place {
  readonly variable: string;
  readonly name: string;
  readonly text: string;
}

const NUMBERED = /^DB_REPLICA_(\d+)_HOST$/;
const LOGIN = [
  ['DB_NAME', 'the database'],
  ['DB_USERNAME', 'the user', 'PGUSER'],
] as const;

/** `DB_PRIMARY_HOST` and what belongs to it, as a URL. Its login is the replicas' too: they take what their URL leaves out. */
export function primaryOfHosts(env: Environment, problems: Problem[]): Place | undefined {
  const [database, user, password] = ['DB_NAME', 'DB_USERNAME', 'DB_PASSWORD'].map((name) => textOf(env, name));
  const before = problems.length;
  for (const [name, what, instead] of LOGIN) {
    if (textOf(env, name) !== undefined || (instead !== undefined && textOf(env, instead) !== undefined)) continue;
    const message = 'It is missing, and DB_PRIMARY_HOST is set.';
    problems.push({ code: CODE, path: name, got: undefined, message, fix: `Name ${what}.` });
  }
  const server = serverOf(env, 'DB_PRIMARY', problems);
  if (server === undefined || problems.length > before) return undefined;
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const login = user === undefined ? '' : `${encodeURIComponent(user)}${secret}@`;
  const text = `postgresql://${login}${server}/${encodeURIComponent(database as string)}`;
  return { variable: 'DB_PRIMARY_HOST', name: 'primary', text };
}

/** `DB_REPLICA_n_HOST`, in the order of their numbers. */
export function replicasOfHosts(env: Environment, problems: Problem[]): Place[] {
  return numbered(env, NUMBERED).flatMap(({ variable, number }) => {
    const server = serverOf(env, variable.replace(/_HOST$/, ''), problems);
    return server === undefined ? [] : [{ variable, name: `replica-${number}`, text: `postgresql://${server}` }];
  });
}

/** Variables that are set and have a number in their name, in its order. */
export function numbered(env: Environment, pattern: RegExp): { variable: string; number: number; text: string }[] {
  return Object.keys(env)
    .flatMap((variable) => {
      const [, number] = pattern.exec(variable) ?? [];
      const text = textOf(env, variable);
      return number === undefined || text === undefined ? [] : [{ variable, number: Number(number), text }];
    })
    .sort((one, other) => one.number - other.number);
}

/** @returns `host:port` as in a URL */
function serverOf(env: Environment, prefix: string, problems: Problem[]): string | undefined {
  const host = textOf(env, `${prefix}_HOST`) as string;
  const port = textOf(env, `${prefix}_PORT`) ?? '5432';
  const isHost = isIPv6(host) || host.startsWith('/') || /^[\w.-]+$/.test(host);
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (!isHost) {
    const message = 'Must be the name or the address of one server, without a port.';
    const fix = `Write e.g. db.example; the port goes in ${prefix}_PORT, a URL in DATABASE_URL or DATABASE_REPLICA_URLS.`;
    problems.push({ code: CODE, path: `${prefix}_HOST`, got: shown(host), message, fix });
  }
  if (!isPort) {
    const message = 'Must be a whole number, 1 to 65535.';
    problems.push({ code: CODE, path: `${prefix}_PORT`, got: shown(port), message });
  }
  if (!isHost || !isPort) return undefined;
  return `${isIPv6(host) ? `[${host}]` : encodeURIComponent(host)}:${port}`;
}
