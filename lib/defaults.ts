/**
 * Every default of the library, in one place. Times in milliseconds unless the name says otherwise.
 */
export const DEFAULTS = {
  readReplicas: true,
  /** Oldest acceptable answer of a read that names no bound of its own. */
  maxStalenessMs: 1_000,
  consistency: 'session',
  endpoints: {},
  balancer: 'peak-ewma',
  /** Milliseconds in which a replica that begins to serve gets its whole share. */
  slowStartMs: 10_000,
  lag: {
    /** Time between two rounds of questions to all members; each is moved by up to a tenth, so that many apps do not ask in step. */
    pollMs: 500,
    /** A member that has not answered within this time is unreachable. */
    timeoutMs: 1_000,
  },
  pools: {
    /** Most connections to the primary. */
    primaryMax: 50,
    /** Most connections to each replica. */
    replicaMax: 30,
    idleTimeoutMs: 30_000,
    connectTimeoutMs: 2_000,
    /** A connection is replaced after this time (moved by up to a tenth), so that load finds new members and old credentials end. */
    maxLifetimeMs: 30 * 60_000,
    maxUses: Number.POSITIVE_INFINITY,
  },
  /** Time without an answer of the primary before a promoted replica may take its place. */
  failover: { silenceMs: 1_000 },
  /** How long a read waits for a replica to catch up with its session. */
  session: { waitMs: 10 },
  via: 'members',
  pooler: false,
  applicationName: 'readfleet',
  contractRefreshMs: 30_000,
  /** How long `close()` waits for statements under way before it cuts them off. */
  closeTimeoutMs: 5_000,
} as const;
