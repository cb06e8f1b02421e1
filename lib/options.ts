import type { Clock } from './clock';
import type { Password, Tls, Via } from './members/connection';
import type { FlagOptions } from './policy/flags';
import type { Priority } from './policy/policy';
import type { BreakerOptions } from './protection/breaker';
import type { BulkheadOptions } from './protection/bulkhead';
import type { RetryBudgetOptions } from './protection/retry-budget';
import type { BalancerName } from './routing/balancers';

/** How to keep pools of connections. Times end at 24.8 days, the longest timer of Node's: a longer one is that long. */
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
  /** Milliseconds without an answer after which a member is unreachable; at most 24.8 days. @default 1000 */
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

/** What `connect()` takes beside the contract. Each has a default; what is wrong is told at once, before anything is asked. */
export interface ConnectOptions {
  /**
   * Whether replicas are read. `false`: everything goes to the primary, exactly as with `pg.Pool`, until `flags.enableAll()`.
   * @default true
   */
  readonly readReplicas?: boolean;
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
   * @default the contract's password; what the contract's secret says, where it names one; IAM tokens, where it says `iam`. Both are kept and made
   *   anew in time, and want an optional package: `@aws-sdk/client-secrets-manager`, `@aws-sdk/rds-signer`
   */
  readonly password?: Password;
  /**
   * How connections are secured. `no-verify` is for servers whose certificate nobody signed, and believes any server.
   * @default the contract's
   */
  readonly tls?: Tls;
  /**
   * Whether members are reached through poolers in transaction mode (PgBouncer), which take no settings with a connection: sessions on replicas are
   * not read-only of their own accord then, and a promotion is noticed by the next poll. One pooler is to stand before one server.
   * @default false
   */
  readonly pooler?: boolean;
  /** PEM text of the authorities to trust. @default Amazon's for hosts of RDS, else Node's own */
  readonly ca?: string | readonly string[];
  /** Shown in `pg_stat_activity`. @default "readfleet" */
  readonly applicationName?: string;
  /** Milliseconds that `close()` waits for statements under way. @default 5000 */
  readonly closeTimeoutMs?: number;
  /**
   * Milliseconds after which a contract that comes from a function is asked for again. A file with `watch` is taken when it changes.
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
  readonly readReplicas: boolean;
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
  readonly tls: Tls | undefined;
  readonly pooler: boolean;
  readonly applicationName: string;
  readonly closeTimeoutMs: number;
  readonly contractRefreshMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}
