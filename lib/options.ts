import { z } from 'zod';
import { type Clock, systemClock } from './clock';
import { DEFAULTS } from './defaults';
import { InvalidConfigError } from './errors';
import { formatProblems, problemsOf } from './problems';

/** How to keep pools of connections. */
export interface PoolOptions {
  /** @default 50 */
  readonly primaryMax?: number;
  /** For each replica. @default 30 */
  readonly replicaMax?: number;
  /** Milliseconds after which an unused connection is closed. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** Milliseconds that opening a connection, or waiting for a free one, may take. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which a connection is replaced. @default 1800000 - half an hour, moved by up to a tenth */
  readonly maxLifetimeMs?: number;
}

/** How to watch replication. */
export interface LagOptions {
  /** Milliseconds between two rounds of questions to all members. @default 500 */
  readonly pollMs?: number;
  /** Milliseconds without an answer after which a member is unreachable. @default 1000 */
  readonly timeoutMs?: number;
}

export interface ConnectOptions {
  /**
   * Oldest acceptable answer, in milliseconds, of a read that names no bound itself.
   * @default 1000
   */
  readonly maxStalenessMs?: number;
  readonly lag?: LagOptions;
  readonly pools?: PoolOptions;
  /** User to connect as. @default the contract's user */
  readonly user?: string;
  /**
   * The password, or a function that makes a fresh one for each connection (an IAM token, say).
   * @default the contract's password; required when the contract says `iam` or `secret`
   */
  readonly password?: string | (() => string | Promise<string>);
  /** PEM text of the authorities to trust. @default Amazon's for hosts of RDS, else Node's own */
  readonly ca?: string | readonly string[];
  /** Shown in `pg_stat_activity`. @default "readfleet" */
  readonly applicationName?: string;
  /** Milliseconds that `close()` waits for statements under way. @default 5000 */
  readonly closeTimeoutMs?: number;
  /** For tests. @default the system's monotonic clock */
  readonly clock?: Clock;
  /** For tests: a number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** What a single read may ask for. */
export interface ReadOptions {
  /**
   * Oldest acceptable answer, in milliseconds. Kept strictly: a read for which no replica can be *proved* that fresh goes to the primary,
   * and fails when the primary cannot be reached either. `Infinity` takes any replica that replicates.
   * @default the fleet's `maxStalenessMs`
   */
  readonly maxStalenessMs?: number;
  /**
   * `strong` reads from the primary.
   * @default "eventual"
   */
  readonly consistency?: 'eventual' | 'strong';
}

/** {@link ConnectOptions} with every default filled in. */
export interface Settings {
  readonly maxStalenessMs: number;
  readonly lag: Required<LagOptions>;
  readonly pools: Required<PoolOptions>;
  readonly user: string | undefined;
  readonly password: ConnectOptions['password'];
  readonly ca: ConnectOptions['ca'];
  readonly applicationName: string;
  readonly closeTimeoutMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

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

const connectOptions = z.strictObject({
  maxStalenessMs: staleness.optional(),
  lag: z.strictObject({ pollMs: milliseconds.optional(), timeoutMs: milliseconds.optional() }).optional(),
  pools: z
    .strictObject({
      primaryMax: count.optional(),
      replicaMax: count.optional(),
      idleTimeoutMs: z.number().min(0, 'Must be 0 or more; 0 keeps connections for ever.').optional(),
      connectTimeoutMs: milliseconds.optional(),
      maxLifetimeMs: milliseconds.optional(),
    })
    .optional(),
  user: z.string().min(1).optional(),
  password: secret.optional(),
  ca: z.union([z.string(), z.array(z.string())]).optional(),
  applicationName: z.string().max(63, 'PostgreSQL cuts names after 63 bytes.').optional(),
  closeTimeoutMs: milliseconds.optional(),
  clock: any.optional(),
  random: any.optional(),
});

const readOptions = z.strictObject({
  maxStalenessMs: staleness.optional(),
  consistency: z.enum(['eventual', 'strong'], 'Must be "eventual" or "strong".').optional(),
});

/** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once */
export function resolveOptions(options: ConnectOptions): Settings {
  check(connectOptions, options, 'connect() options');
  return {
    maxStalenessMs: options.maxStalenessMs ?? DEFAULTS.maxStalenessMs,
    lag: { ...DEFAULTS.lag, ...defined(options.lag) },
    pools: { ...DEFAULTS.pools, ...defined(options.pools) },
    user: options.user,
    password: options.password,
    ca: options.ca,
    applicationName: options.applicationName ?? 'readfleet',
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULTS.closeTimeoutMs,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` */
export function checkReadOptions(options: Readonly<ReadOptions>): void {
  // The schema tells people what is wrong; that nothing is must not cost each read a walk through it.
  if (!isRight(options)) check(readOptions, options, 'read options');
}

function isRight(options: Readonly<ReadOptions>): boolean {
  for (const key in options) {
    const value = options[key as keyof ReadOptions];
    if (value === undefined && (key === 'maxStalenessMs' || key === 'consistency')) continue;
    if (key === 'maxStalenessMs' && typeof value === 'number' && value >= 0) continue;
    if (key === 'consistency' && (value === 'eventual' || value === 'strong')) continue;
    return false;
  }
  return true;
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
