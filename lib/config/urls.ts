import { readFileSync } from 'node:fs';
import { messageOf } from '../errors';
import type { Problem } from '../problems';
import { maskUrl, parseDatabaseUrl } from './database-url';
import { URL_CODE as CODE, type NamedUrl } from './fleet-of-urls';
import { type Environment, textOf } from './variables';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const NUMBERED = /^READ_REPLICA_(\d{1,3})_CONNECTION_STRING$/;

/** A URL where it stands, with the name that its member is to have. */
interface Place {
  readonly variable: string;
  readonly name: string;
  readonly text: string;
}

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
  if (text === undefined) {
    const message = 'It is missing, and so is READFLEET_CONTRACT.';
    const fix = 'Write DATABASE_URL=postgresql://user:password@host:5432/database.';
    problems.push({ code: CODE, path: 'DATABASE_URL', got: undefined, message, fix });
  }
  const [primary] = text === undefined ? [] : read({ variable: 'DATABASE_URL', name: 'primary', text });
  const replicas = replicaPlaces(env).flatMap(read);
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

function replicaPlaces(env: Environment): Place[] {
  const single = textOf(env, 'DATABASE_REPLICA_URL');
  const numbered = Object.keys(env)
    .flatMap((variable) => {
      const [, number] = NUMBERED.exec(variable) ?? [];
      const text = textOf(env, variable);
      return number === undefined || text === undefined ? [] : [{ variable, number: Number(number), text }];
    })
    .sort((one, other) => one.number - other.number);
  return [
    ...(single === undefined ? [] : [{ variable: 'DATABASE_REPLICA_URL', name: 'replica', text: single }]),
    ...listed(textOf(env, 'DATABASE_REPLICA_URLS') ?? ''),
    ...numbered.map(({ variable, number, text }) => ({ variable, name: `replica-${number}`, text })),
  ];
}

/** Split before each URL, with or without a name, and nowhere else: a password may have a comma. */
function listed(text: string): Place[] {
  const parts = text.split(/[\s,]+(?=(?:[\w-]+=)?postgres(?:ql)?:\/\/)/i).filter(Boolean);
  return parts.map((part, index) => {
    const [, name, url] = /^([\w-]+)=(.*)$/s.exec(part) ?? [];
    const at = { variable: `DATABASE_REPLICA_URLS[${index}]`, text: (url ?? part).replace(/,+$/, '') };
    return { ...at, name: name ?? `replica-${index + 1}` };
  });
}
