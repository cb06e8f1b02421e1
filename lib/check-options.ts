import { z } from 'zod';
import { LONGEST_TIMER_MS, systemClock } from './clock';
import { DEFAULTS } from './defaults';
import { InvalidConfigError } from './errors';
import type { TransactionOptions } from './execution/transaction';
import type { ConnectOptions, ReadOptions, Settings } from './options';
import { formatProblems, problemsOf } from './problems';
import { BREAKER_DEFAULTS } from './protection/breaker';
import { BULKHEAD_DEFAULTS } from './protection/bulkhead';
import { RETRY_BUDGET_DEFAULTS } from './protection/retry-budget';

/** Of times with which `pg` sets timers of Node's own. All others are of the clock, which takes any. */
const LONGEST_OF_LAG = { timeoutMs: LONGEST_TIMER_MS };
const LONGEST_OF_POOLS = {
  idleTimeoutMs: LONGEST_TIMER_MS,
  connectTimeoutMs: LONGEST_TIMER_MS,
  // It is moved by up to a tenth.
  maxLifetimeMs: Math.floor(LONGEST_TIMER_MS / 1.1),
};

const milliseconds = z.number('Must be a number of milliseconds.').positive('Must be more than 0.');
const count = z.int('Must be a whole number.').min(1, 'Must be 1 or more.');
const staleness = z.union(
  [z.number().min(0, 'Must be 0 or more.'), z.literal(Number.POSITIVE_INFINITY)],
  'Must be a number of milliseconds, 0 or more, or Infinity.',
);
const secret = z.union(
  [z.string(), z.custom<() => string>((value) => typeof value === 'function')],
  'Must be a text or a function that returns one.',
);
const any = z.custom<never>(() => true);

const share = z.number().min(0, 'Must be 0 to 1.').max(1, 'Must be 0 to 1.');
const notNegative = z.number('Must be a number.').min(0, 'Must be 0 or more.');
const consistency = z.enum(['eventual', 'session', 'strong'], 'Must be "eventual", "session" or "strong".');
const priority = z.enum(['low', 'normal', 'high'], 'Must be "low", "normal" or "high".');

const defaultsOfReads = {
  maxStalenessMs: staleness.optional(),
  consistency: consistency.optional(),
  priority: priority.optional(),
  timeoutMs: milliseconds.optional(),
  attemptTimeoutMs: milliseconds.optional(),
  hedge: z.boolean('Must be true or false.').optional(),
};

const connectOptions = z.strictObject({
  readReplicas: z.boolean('Must be true or false.').optional(),
  maxStalenessMs: staleness.optional(),
  consistency: consistency.optional(),
  timeoutMs: milliseconds.optional(),
  endpoints: z
    .record(
      z.string().min(1, 'Must be the name of an endpoint.'),
      z.strictObject({
        ...defaultsOfReads,
        enabled: z.boolean('Must be true or false.').optional(),
        rollout: z
          .number('Must be a number of percent.')
          .min(0, 'Must be 0 to 100.')
          .max(100, 'Must be 0 to 100.')
          .optional(),
      }),
    )
    .optional(),
  balancer: z
    .enum(
      ['peak-ewma', 'round-robin', 'random', 'least-connections', 'weighted'],
      'Must be "peak-ewma", "round-robin", "random", "least-connections" or "weighted".',
    )
    .optional(),
  zone: z.string().min(1, 'Must be the name of a zone.').optional(),
  slowStartMs: notNegative.optional(),
  lag: z.strictObject({ pollMs: milliseconds.optional(), timeoutMs: milliseconds.optional() }).optional(),
  pools: z
    .strictObject({
      primaryMax: count.optional(),
      replicaMax: count.optional(),
      idleTimeoutMs: z.number().min(0, 'Must be 0 or more; 0 keeps connections for ever.').optional(),
      connectTimeoutMs: milliseconds.optional(),
      maxLifetimeMs: milliseconds.optional(),
      maxUses: count.optional(),
    })
    .optional(),
  breaker: z
    .strictObject({
      failures: count.optional(),
      failureRate: share.optional(),
      minimum: count.optional(),
      windowMs: milliseconds.optional(),
      openMs: milliseconds.optional(),
      longestMs: milliseconds.optional(),
      successes: count.optional(),
    })
    .optional(),
  bulkhead: z
    .strictObject({ max: count.optional(), queue: notNegative.optional(), waitMs: notNegative.optional() })
    .optional(),
  retries: z
    .strictObject({
      ratio: notNegative.optional(),
      floorPerSecond: notNegative.optional(),
      burst: notNegative.optional(),
    })
    .optional(),
  failover: z.strictObject({ silenceMs: notNegative.optional() }).optional(),
  session: z.strictObject({ waitMs: notNegative.optional() }).optional(),
  via: z.enum(['members', 'proxy'], 'Must be "members" or "proxy".').optional(),
  user: z.string().min(1).optional(),
  password: secret.optional(),
  tls: z.enum(['verify-full', 'no-verify', 'disable'], 'Must be "verify-full", "no-verify" or "disable".').optional(),
  pooler: z.boolean('Must be true or false.').optional(),
  ca: z.union([z.string(), z.array(z.string())]).optional(),
  applicationName: z.string().max(63, 'PostgreSQL cuts names after 63 bytes.').optional(),
  closeTimeoutMs: milliseconds.optional(),
  contractRefreshMs: milliseconds.optional(),
  clock: any.optional(),
  random: any.optional(),
});

const readOptions = z.strictObject({
  ...defaultsOfReads,
  endpoint: z.string('Must be the name of an endpoint.').min(1, 'Must be the name of an endpoint.').optional(),
  signal: z.custom<AbortSignal>(isSignal, 'Must be an AbortSignal.').optional(),
  rolloutKey: z.string('Must be a text.').optional(),
});

const transactionOptions = z.strictObject({
  readOnly: z.boolean('Must be true or false.').optional(),
  isolation: z
    .enum(
      ['read committed', 'repeatable read', 'serializable'],
      'Must be "read committed", "repeatable read" or "serializable".',
    )
    .optional(),
});

function isSignal(value: unknown): boolean {
  return typeof (value as AbortSignal | null)?.addEventListener === 'function';
}

/** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once */
export function resolveOptions(options: ConnectOptions): Settings {
  check(connectOptions, options, 'connect() options');
  return {
    ...DEFAULTS,
    ...defined({
      ...options,
      lag: cutTo(LONGEST_OF_LAG, { ...DEFAULTS.lag, ...defined(options.lag) }),
      pools: cutTo(LONGEST_OF_POOLS, { ...DEFAULTS.pools, ...defined(options.pools) }),
      breaker: { ...BREAKER_DEFAULTS, ...defined(options.breaker) },
      bulkhead: { ...BULKHEAD_DEFAULTS, ...defined(options.bulkhead) },
      retries: { ...RETRY_BUDGET_DEFAULTS, ...defined(options.retries) },
      failover: { ...DEFAULTS.failover, ...defined(options.failover) },
      session: { ...DEFAULTS.session, ...defined(options.session) },
    }),
    timeoutMs: options.timeoutMs,
    zone: options.zone,
    user: options.user,
    password: options.password,
    ca: options.ca,
    tls: options.tls,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  } as Settings;
}

/** `times` with none longer than in `most`: a timer that is set for longer would ring after 1 ms. */
function cutTo<T extends Readonly<Record<string, number>>>(most: Partial<T>, times: T): T {
  const cut = Object.entries(times).map(([name, value]) => [name, Math.min(value, most[name] ?? value)]);
  return Object.fromEntries(cut) as T;
}

/** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` */
export function checkReadOptions(options: Readonly<ReadOptions>): void {
  // The schema tells people what is wrong; that nothing is must not cost each read a walk through it.
  if (!isRight(options)) check(readOptions, options, 'read options');
}

/**
 * They become part of a statement, so nothing else may stand there.
 *
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 */
export function checkTransactionOptions(options: TransactionOptions): void {
  check(transactionOptions, options, 'transaction options');
}

function isRight(options: Readonly<ReadOptions>): boolean {
  // Refused by name, with the rest.
  if (typeof options !== 'object' || options === null) return false;
  for (const key in options) {
    const value: unknown = options[key as keyof ReadOptions];
    if (!isRightValue(key as keyof ReadOptions, value)) return false;
  }
  return true;
}

function isRightValue(key: keyof ReadOptions, value: unknown): boolean {
  switch (key) {
    case 'maxStalenessMs':
      return value === undefined || (typeof value === 'number' && value >= 0);
    case 'consistency':
      return value === undefined || value === 'eventual' || value === 'session' || value === 'strong';
    case 'priority':
      return value === undefined || value === 'low' || value === 'normal' || value === 'high';
    case 'timeoutMs':
    case 'attemptTimeoutMs':
      return value === undefined || (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY);
    case 'hedge':
      return value === undefined || typeof value === 'boolean';
    case 'endpoint':
      return value === undefined || (typeof value === 'string' && value !== '');
    case 'signal':
      return value === undefined || isSignal(value);
    case 'rolloutKey':
      return value === undefined || typeof value === 'string';
    default:
      return false;
  }
}

function check(schema: z.ZodType, value: unknown, source: string): void {
  const result = schema.safeParse(value);
  if (result.success) return;
  const problems = problemsOf(result.error, value, 'READFLEET_OPTIONS_INVALID');
  throw new InvalidConfigError('READFLEET_OPTIONS_INVALID', formatProblems(source, problems), problems);
}

/** Without the keys that are undefined, so that they do not hide a default. */
function defined<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, inner]) => inner !== undefined)) as Partial<T>;
}
