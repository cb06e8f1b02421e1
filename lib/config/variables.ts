import type { ConnectOptions } from '../options';

/** Environment variables: `process.env`, or what a test makes of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text as a value, or why it is none. */
type Reading = { readonly value: unknown } | { readonly fault: string };
type Reader = (text: string) => Reading;

/** Variables that set one option: all names of it mean the same. */
export interface OptionVariable {
  /** The first is the one to use; the others are what other systems call it. */
  readonly names: readonly [string, ...string[]];
  /** Path of the option in {@link ConnectOptions}. */
  readonly option: string;
  readonly read: Reader;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const count: Reader = (text) =>
  /^\d{1,9}$/.test(text) && Number(text) > 0
    ? { value: Number(text) }
    : { fault: 'Must be a whole number, 1 or more.' };

const time = duration('ms', 'Must be a time, more than 0: a number of milliseconds, or e.g. 500ms, 10s, 5m, 1h.');

const onOff: Reader = (text) => {
  if (/^(true|1|yes|on)$/i.test(text)) return { value: true };
  return /^(false|0|no|off)$/i.test(text) ? { value: false } : { fault: 'Must be true or false.' };
};

/** Seconds, as lag is told in. */
export const lagSeconds: Reader = (text) => {
  const answer = duration('s', 'Must be a time, more than 0: a number of seconds, or e.g. 500ms, 5s.')(text);
  return 'value' in answer ? { value: (answer.value as number) / 1_000 } : answer;
};

/** @param plain unit of a number that names none */
function duration(plain: 'ms' | 's', fault: string): Reader {
  return (text) => {
    const [, number, unit = plain] = /^(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h)?$/.exec(text) ?? [];
    const value = Number(number) * (UNITS[unit] as number);
    return value > 0 ? { value } : { fault };
  };
}

/** Every variable that is an option by another name. */
export const OPTION_VARIABLES: readonly OptionVariable[] = [
  {
    names: ['ENABLE_READ_REPLICAS', 'USE_READ_REPLICAS', 'DB_READ_REPLICAS_ENABLED'],
    option: 'readReplicas',
    read: onOff,
  },
  { names: ['DATABASE_POOL_SIZE', 'DB_MAX_CONNECTIONS'], option: 'pools.primaryMax', read: count },
  { names: ['REPLICA_CONNECTION_POOL_SIZE'], option: 'pools.replicaMax', read: count },
  { names: ['DB_MAX_IDLE_TIME'], option: 'pools.idleTimeoutMs', read: time },
  { names: ['DB_MAX_LIFETIME'], option: 'pools.maxLifetimeMs', read: time },
  { names: ['DB_CONNECTION_TIMEOUT'], option: 'pools.connectTimeoutMs', read: time },
  { names: ['DB_QUERY_TIMEOUT'], option: 'timeoutMs', read: time },
  { names: ['REPLICA_LAG_POLL_INTERVAL', 'REPLICA_HEALTH_CHECK_INTERVAL'], option: 'lag.pollMs', read: time },
  { names: ['READFLEET_MAX_STALENESS'], option: 'maxStalenessMs', read: time },
  { names: ['CIRCUIT_BREAKER_FAILURE_THRESHOLD'], option: 'breaker.failures', read: count },
  { names: ['CIRCUIT_BREAKER_SUCCESS_THRESHOLD'], option: 'breaker.successes', read: count },
  { names: ['CIRCUIT_BREAKER_OPEN_DURATION'], option: 'breaker.openMs', read: time },
];

/** Variables that say where servers are, and what else is read one by one. */
export const FLEET_VARIABLES = [
  'READFLEET_CONTRACT',
  'DATABASE_URL',
  'DATABASE_REPLICA_URL',
  'DATABASE_REPLICA_URLS',
  'READ_REPLICA_n_CONNECTION_STRING',
  'DB_PRIMARY_HOST',
  'DB_PRIMARY_PORT',
  'DB_REPLICA_n_HOST',
  'DB_REPLICA_n_PORT',
  'REPLICA_ENABLED_ENDPOINTS',
  'REPLICA_LAG_WARNING_THRESHOLD',
  'REPLICA_LAG_CRITICAL_THRESHOLD',
  'READFLEET_FLEET',
  'READFLEET_ENVIRONMENT',
  'READFLEET_TOPOLOGY',
] as const;

/** Of `DB_PRIMARY_HOST`: without it these names are anybody's. */
export const HOST_LOGIN_VARIABLES = ['DB_NAME', 'DB_USERNAME', 'DB_PASSWORD'] as const;

/** Whom to log in as where no URL says. */
export const LOGIN_VARIABLES = ['PGUSER', 'PGPASSWORD', ...HOST_LOGIN_VARIABLES] as const;

/** Variables of the same kind that other systems have, and that have nothing to set here: with the reason. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  CIRCUIT_BREAKER_HALF_OPEN_TIMEOUT:
    'a half-open breaker lets one statement through at a time, and is never waited for',
  DB_MIN_CONNECTIONS: 'connections are opened when they are needed, and each member’s watch keeps one of its own',
};

/** The text of a variable; one that is empty is not set. */
export function textOf(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** `options` with the value at `path`, e.g. `pools.primaryMax`. */
export function withOption(options: ConnectOptions, path: string, value: unknown): ConnectOptions {
  const [group = '', field] = path.split('.');
  const before = (options as Readonly<Record<string, object | undefined>>)[group];
  return { ...options, [group]: field === undefined ? value : { ...before, [field]: value } };
}
