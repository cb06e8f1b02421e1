import { z } from 'zod';
import { type Clock, systemClock } from './clock';
import { DEFAULTS } from './defaults';
import { InvalidConfigError } from './errors';
import type { Password, Via } from './members/connection';
import type { FlagOptions } from './policy/flags';
import type { Priority } from './policy/policy';
import { formatProblems, problemsOf } from './problems';
import { BREAKER_DEFAULTS, type BreakerOptions } from './protection/breaker';
import { BULKHEAD_DEFAULTS, type BulkheadOptions } from './protection/bulkhead';
import { RETRY_BUDGET_DEFAULTS, type RetryBudgetOptions } from './protection/retry-budget';
import type { BalancerName } from './routing/balancers';

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
  /** Statements and transactions after which a connection is replaced. @default - any number */
  readonly maxUses?: number;
}

/** How to watch replication. */
export interface LagOptions {
  /** Milliseconds between two rounds of questions to all members. @default 500 */
  readonly pollMs?: number;
  /** Milliseconds without an answer after which a member is unreachable. @default 1000 */
  readonly timeoutMs?: number;
}

/** How the primary's loss is met. */
export interface FailoverOptions {
  /** Milliseconds without an answer of the primary before a promoted replica may take its place. @default 1000 */
  readonly silenceMs?: number;
}

/** How sessions read their own writes. */
export interface SessionOptions {
  /**
   * Milliseconds that a read waits for a replica to catch up with its session, before it goes to the primary. Only while a replica is known to be
   * closer than that.
   * @default 10
   */
  readonly waitMs?: number;
}

/** What reads of one endpoint ask for, where the call itself does not say. */
export interface EndpointOptions
  extends FlagOptions,
    Pick<ReadOptions, 'maxStalenessMs' | 'consistency' | 'priority' | 'timeoutMs' | 'attemptTimeoutMs' | 'hedge'> {}

export interface ConnectOptions {
  /**
   * Oldest acceptable answer, in milliseconds, of a read that names no bound itself.
   * @default 1000
   */
  readonly maxStalenessMs?: number;
  /**
   * What reads see, that do not say themselves.
   * @default "session" - inside of a session its own writes and nothing older than its earlier reads; outside "eventual"
   */
  readonly consistency?: Consistency;
  /**
   * Milliseconds for a read that names no time itself, all attempts together.
   * @default - none
   */
  readonly timeoutMs?: number;
  /** Parts of the app that read, by the name that their reads give as `endpoint`: what they ask for, and whether replicas serve them. */
  readonly endpoints?: Readonly<Record<string, EndpointOptions>>;
  /** @default "peak-ewma" */
  readonly balancer?: BalancerName;
  /**
   * The app's own availability zone: replicas there are read first.
   * @default - zones do not matter
   */
  readonly zone?: string;
  /**
   * Milliseconds in which a replica that begins to serve, or serves again, gets its whole share. 0: at once.
   * @default 10000
   */
  readonly slowStartMs?: number;
  readonly lag?: LagOptions;
  readonly pools?: PoolOptions;
  /** When a member is given a rest. */
  readonly breaker?: BreakerOptions;
  /** What the primary bears of reads that no replica can take. */
  readonly bulkhead?: Partial<BulkheadOptions>;
  /** How many reads may be tried again. */
  readonly retries?: Partial<RetryBudgetOptions>;
  readonly failover?: FailoverOptions;
  readonly session?: SessionOptions;
  /**
   * Through the fleet's RDS Proxy nothing is known of lag: its reading endpoint serves reads with `maxStalenessMs: Infinity` alone.
   * @default "members"
   */
  readonly via?: Via;
  /** User to connect as. @default the contract's user */
  readonly user?: string;
  /**
   * The password, or a function that makes a fresh one for each connection to a member (an IAM token, say).
   * @default the contract's password; required when the contract says `iam` or `secret`
   */
  readonly password?: Password;
  /** PEM text of the authorities to trust. @default Amazon's for hosts of RDS, else Node's own */
  readonly ca?: string | readonly string[];
  /** Shown in `pg_stat_activity`. @default "readfleet" */
  readonly applicationName?: string;
  /** Milliseconds that `close()` waits for statements under way. @default 5000 */
  readonly closeTimeoutMs?: number;
  /**
   * Milliseconds after which a contract that comes from a function is asked for again, and a file is looked at when its folder told nothing.
   * @default 30000
   */
  readonly contractRefreshMs?: number;
  /** For tests. @default the system's monotonic clock */
  readonly clock?: Clock;
  /** For tests: a number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

/**
 * What a read sees.
 *
 * - `eventual`: anything within its bound
 * - `session`: that, and what its session wrote, and nothing older than what its session has read
 * - `strong`: what the primary has
 */
export type Consistency = 'eventual' | 'session' | 'strong';

/** What a single read may ask for. */
export interface ReadOptions {
  /** The part of the app that reads: names flags, defaults and metrics. */
  readonly endpoint?: string;
  /**
   * Oldest acceptable answer, in milliseconds. Kept strictly: a read for which no replica can be *proved* that fresh goes to the primary,
   * and fails when the primary cannot be reached either. `Infinity` takes any replica that replicates.
   * @default the endpoint's, else the fleet's `maxStalenessMs`
   */
  readonly maxStalenessMs?: number;
  /** @default the endpoint's, else the fleet's `consistency`, "session" */
  readonly consistency?: Consistency;
  /** Who is shed last when replicas fail and the primary cannot bear all reads. @default the endpoint's, else "normal" */
  readonly priority?: Priority;
  /** Gives the read up when it aborts; the statement is cancelled on its server, and the read rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the read, all attempts together; then it rejects with `READFLEET_TIMEOUT` and is cancelled on its server. */
  readonly timeoutMs?: number;
  /** Milliseconds after which an attempt on a replica is cancelled, and another member asked. @default - no such time */
  readonly attemptTimeoutMs?: number;
  /** Asks a second member when the first takes longer than all but one in twenty, and takes the first answer. @default false */
  readonly hedge?: boolean;
  /** Whose read it is, for an endpoint that is rolled out to a share: the same key always gets the same answer. */
  readonly rolloutKey?: string;
}

/** {@link ConnectOptions} with every default filled in. */
export interface Settings {
  readonly maxStalenessMs: number;
  readonly consistency: Consistency;
  readonly timeoutMs: number | undefined;
  readonly endpoints: Readonly<Record<string, EndpointOptions>>;
  readonly balancer: BalancerName;
  readonly zone: string | undefined;
  readonly slowStartMs: number;
  readonly lag: Required<LagOptions>;
  readonly pools: Required<PoolOptions>;
  readonly breaker: Required<BreakerOptions>;
  readonly bulkhead: BulkheadOptions;
  readonly retries: RetryBudgetOptions;
  readonly failover: Required<FailoverOptions>;
  readonly session: Required<SessionOptions>;
  readonly via: Via;
  readonly user: string | undefined;
  readonly password: ConnectOptions['password'];
  readonly ca: ConnectOptions['ca'];
  readonly applicationName: string;
  readonly closeTimeoutMs: number;
  readonly contractRefreshMs: number;
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
  maxStalenessMs: staleness.optional(),
  consistency: consistency.optional(),
  timeoutMs: milliseconds.optional(),
  endpoints: z
    .record(
      z.string(),
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
      lag: { ...DEFAULTS.lag, ...defined(options.lag) },
      pools: { ...DEFAULTS.pools, ...defined(options.pools) },
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
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  } as Settings;
}

/** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` */
export function checkReadOptions(options: Readonly<ReadOptions>): void {
  // The schema tells people what is wrong; that nothing is must not cost each read a walk through it.
  if (!isRight(options)) check(readOptions, options, 'read options');
}

function isRight(options: Readonly<ReadOptions>): boolean {
  if (typeof options !== 'object' || options === null) return false;
  for (const key in options) {
    const value: unknown = options[key as keyof ReadOptions];
    if (value === undefined && RIGHT.has(key)) continue;
    if (RIGHT.get(key)?.(value) !== true) return false;
  }
  return true;
}

const isTime = (value: unknown) => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
const isName = (value: unknown) => typeof value === 'string' && value !== '';

const RIGHT: ReadonlyMap<string, (value: unknown) => boolean> = new Map(
  Object.entries({
    maxStalenessMs: (value) => typeof value === 'number' && value >= 0,
    consistency: (value) => value === 'eventual' || value === 'session' || value === 'strong',
    priority: (value) => value === 'low' || value === 'normal' || value === 'high',
    timeoutMs: isTime,
    attemptTimeoutMs: isTime,
    hedge: (value) => typeof value === 'boolean',
    endpoint: isName,
    signal: isSignal,
    rolloutKey: (value) => typeof value === 'string',
  } satisfies Record<keyof ReadOptions, (value: unknown) => boolean>),
);

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
