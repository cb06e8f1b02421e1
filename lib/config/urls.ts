import { readFileSync } from 'node:fs';
import { messageOf } from '../errors';
import type { Problem } from '../problems';
import { maskUrl, parseDatabaseUrl } from './database-url';
import { URL_CODE as CODE, type NamedUrl } from './fleet-of-urls';
import { numbered, type Place, primaryOfHosts, replicasOfHosts } from './hosts';
import { shown } from './shown';
import { type Environment, textOf } from './variables';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const PRIMARY = { variable: 'DATABASE_URL', name: 'primary' };
const NUMBERED = /^READ_REPLICA_(\d+)_CONNECTION_STRING$/;

/** Every URL that environment variables hold, and what is wrong with each. */
export function readUrls(env: Environment): {
  readonly primary: NamedUrl | undefined;
  readonly replicas: readonly NamedUrl[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const read = (place: Place): NamedUrl[] => {
    const { url, faults } = parseDatabaseUrl(place.text);
    const got = maskUrl(place.text);
    for (const { message, fix } of faults ?? []) {
      problems.push({ code: CODE, path: place.variable, got, message, fix });
    }
    if (!url) return [];
    try {
      const { authorities, ...rest } = url;
      const ca = authorities === undefined ? {} : { authorities: readFileSync(authorities, 'utf8') };
      return [{ ...place, url: { ...rest, ...ca } }];
    } catch (error) {
      const message = `sslrootcert cannot be read: ${messageOf(error)}`;
      problems.push({ code: CODE, path: place.variable, got, message, fix: 'Name a file with PEM text.' });
      return [];
    }
  };
  const text = textOf(env, 'DATABASE_URL');
  const hasHost = textOf(env, 'DB_PRIMARY_HOST') !== undefined;
  if (text === undefined && !hasHost) {
    const message = 'It is missing, and so is READFLEET_CONTRACT.';
    const fix = 'Write DATABASE_URL=postgresql://user:password@host:5432/database.';
    problems.push({ code: CODE, path: 'DATABASE_URL', got: undefined, message, fix });
  }
  const place = text === undefined ? hasHost && primaryOfHosts(env, problems) : { ...PRIMARY, text };
  const [primary] = place ? read(place) : [];
  if (text !== undefined && hasHost && primary) problems.push(...anotherHost(env, primary));
  const replicas = replicaPlaces(env, problems).flatMap(read);
  const taken = new Set(['primary']);
  for (const { name, variable, text: replica } of replicas) {
    const message = !NAME.test(name)
      ? `${JSON.stringify(name)} is no name of a member: lower-case letters, digits and hyphens, a letter first.`
      : taken.has(name)
        ? `Another member is named ${name} already.`
        : undefined;
    taken.add(name);
    const fix = 'Name it in DATABASE_REPLICA_URLS: blue=postgresql://….';
    if (message !== undefined) problems.push({ code: CODE, path: variable, got: maskUrl(replica), message, fix });
  }
  return { primary, replicas, problems };
}

function replicaPlaces(env: Environment, problems: Problem[]): Place[] {
  const single = textOf(env, 'DATABASE_REPLICA_URL');
  return [
    ...(single === undefined ? [] : [{ variable: 'DATABASE_REPLICA_URL', name: 'replica', text: single }]),
    ...listed(textOf(env, 'DATABASE_REPLICA_URLS') ?? ''),
    ...numbered(env, NUMBERED).map(({ variable, number, text }) => ({ variable, name: `replica-${number}`, text })),
    ...replicasOfHosts(env, problems),
  ];
}

/** Of two ways to name the primary, each may say the same. Its login is then the URL's alone: the names of the others are anybody's. */
function anotherHost(env: Environment, { url: { host, port } }: NamedUrl): Problem[] {
  const path = 'DB_PRIMARY_HOST';
  const said = textOf(env, path) as string;
  const isSame = said.toLowerCase() === host.toLowerCase() && Number(textOf(env, 'DB_PRIMARY_PORT') ?? port) === port;
  const message = 'DATABASE_URL names the primary too, and another server.';
  return isSame ? [] : [{ code: CODE, path, got: shown(said), message, fix: 'Leave one of them out.' }];
}

/** Split before each URL, with or without a name, and nowhere else: a password may have a comma. */
function listed(text: string): Place[] {
  const parts = text.split(/[\s,]+(?=(?:[\w-]+=)?postgres(?:ql)?:\/\/)/i).filter((part) => /[^\s,]/.test(part));
  return parts.map((part, index) => {
    const [, name, url] = /^([\w-]+)=(.*)$/s.exec(part) ?? [];
    const at = { variable: `DATABASE_REPLICA_URLS[${index}]`, text: (url ?? part).replace(/,+$/, '') };
    return { ...at, name: name ?? `replica-${index + 1}` };
  });
}
