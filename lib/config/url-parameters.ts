import type { Tls } from '../members/connection';

/** What stands behind the `?` of a URL, as far as it means something to readfleet. */
export interface UrlParameters {
  /** How the connection is to be secured; without it, by the host: see `fleetOfUrls`. */
  readonly tls?: Tls;
  /** File with the authorities to trust, as PEM. */
  readonly authorities?: string;
  /** Whether a pooler in transaction mode stands between. */
  readonly pooler?: boolean;
  readonly applicationName?: string;
  /** Milliseconds. */
  readonly connectTimeoutMs?: number;
}

/** What one parameter says, or why it cannot be taken. */
type Answer = UrlParameters | { readonly message: string; readonly fix: string };

const OTHERS_AFFAIR: (value: string) => Answer = () => ({});
const ON_THE_ROLE = 'Set it for the role: ALTER ROLE app SET name = value. It holds on replicas too.';

/** By name; of those that are nobody's affair here, an empty answer. */
export const PARAMETERS: ReadonlyMap<string, (value: string) => Answer> = new Map<string, (value: string) => Answer>([
  ['sslmode', sslmode],
  ['ssl', ssl],
  ['sslrootcert', (value) => (value === 'system' ? {} : { authorities: value })],
  ['pgbouncer', (value) => (truth(value) ? { pooler: true } : {})],
  ['application_name', (value) => ({ applicationName: value })],
  ['connect_timeout', connectTimeout],
  // Of Prisma: sizes and times of its own pool, and the schema of its own statements.
  ...['schema', 'connection_limit', 'pool_timeout', 'socket_timeout', 'statement_cache_size'].map(otherwise),
  // The server's name is verified, which is what a bound channel is good for.
  otherwise('channel_binding'),
  // Who is the primary is found out, and who is read is readfleet's whole affair.
  ...['target_session_attrs', 'load_balance_hosts'].map(otherwise),
  refused('options', 'Sessions on replicas have options of readfleet’s own.', ON_THE_ROLE),
  refused('statement_timeout', 'A timeout is not passed on from a URL.', `${ON_THE_ROLE} Or pass timeoutMs to reads.`),
  refused('sslcert', 'Certificates of clients are not supported.', 'Log in with a password or IAM.'),
  refused('sslkey', 'Certificates of clients are not supported.', 'Log in with a password or IAM.'),
  refused('uselibpqcompat', 'sslmode has one meaning here, whoever reads it.', 'Leave it out, and say sslmode.'),
]);

function otherwise(name: string): [string, (value: string) => Answer] {
  return [name, OTHERS_AFFAIR];
}

function refused(name: string, message: string, fix: string): [string, () => Answer] {
  return [name, () => ({ message: `${name}: ${message}`, fix })];
}

/** As `pg` 8 takes them: stricter than libpq, whose `require` believes any server. */
function sslmode(value: string): Answer {
  switch (value) {
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return { tls: 'verify-full' };
    case 'no-verify':
      return { tls: 'no-verify' };
    case 'disable':
      return { tls: 'disable' };
    case 'allow':
    case 'prefer':
      return {
        message: `sslmode=${value} may send the password in the clear: whoever stands between can make it so.`,
        fix: 'Say sslmode=verify-full, or sslmode=disable within a machine or a private network.',
      };
    default:
      return {
        message: `sslmode=${value} is not known.`,
        fix: 'Must be require, verify-ca or verify-full (the same here), no-verify or disable.',
      };
  }
}

function ssl(value: string): Answer {
  if (truth(value)) return { tls: 'verify-full' };
  if (value === 'false' || value === '0') return { tls: 'disable' };
  return value === 'no-verify'
    ? { tls: 'no-verify' }
    : { message: `ssl=${value} is not known.`, fix: 'Must be true, false or no-verify.' };
}

function connectTimeout(value: string): Answer {
  const seconds = Number(value);
  return seconds > 0 && seconds < Number.POSITIVE_INFINITY
    ? { connectTimeoutMs: seconds * 1_000 }
    : { message: `connect_timeout=${value} is no time.`, fix: 'Must be a number of seconds, more than 0.' };
}

function truth(value: string): boolean {
  return value === 'true' || value === '1';
}
