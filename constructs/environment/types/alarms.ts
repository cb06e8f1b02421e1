/** Where alarms go. AWS asks an e-mail address to confirm. */
export type AlarmSubscription =
  | { readonly kind: 'email'; readonly address: string }
  /** It stands in the environment file and in Terraform's state: one without a user or password in it. */
  | { readonly kind: 'https'; readonly url: `https://${string}` };

/** When people are told. Lag has its own (`lag`). The unit is in the name. */
export interface AlarmThresholds {
  /** Minutes that a replica may be unhealthy, 2 at least: in one minute alone a sample can be late. */
  readonly unhealthyMinutes: number;
  /** Minutes of AWS's own `ReplicaLag`, the backstop. 6 at least: it grows to 5 on an idle primary that is quite well. */
  readonly backstopLagMinutes: number;
  /** WAL that the slowest replication slot holds back. */
  readonly replicationSlotLagGiB: number;
  /** Files of replication slots on the primary's disk: what logical decoding has spilled. */
  readonly replicationSlotDiskGiB: number;
  /** WAL on the primary's disk. More than `max_wal_size`, which PostgreSQL keeps in the best of times. */
  readonly walDiskGiB: number;
  /** Storage that is left, in percent of what was allocated. */
  readonly freeStoragePercent: number;
  /** Connections in use, in percent of `max_connections`. */
  readonly connectionsPercent: number;
  /** CPU in use for a quarter of an hour. */
  readonly cpuPercent: number;
  /** Seconds that clients of the proxy wait for a connection, on average. */
  readonly proxyWaitSeconds: number;
}

/** Whether alarms are made, whom they tell, and from which values on. */
export interface AlarmsInput {
  /**
   * Whether alarms and their topic are made.
   * @default true
   */
  readonly enabled?: boolean;
  /** @default - none: the topic is there, and nobody listens */
  readonly subscriptions?: readonly AlarmSubscription[];
  /**
   * @default - unhealthy 2 min, backstop 10 min, storage 15 %, connections 80 %, CPU 85 %, proxy 1 s; slot lag 10 GiB, slot files
   * 5 GiB and WAL 20 GiB, on small storage less: at most a quarter, a quarter and half of it
   */
  readonly thresholds?: Partial<AlarmThresholds>;
}

/** Days that CloudWatch Logs can keep a log. */
export const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096] as const;
/** Days that a log is kept: one of `LOG_RETENTION_DAYS`, for CloudWatch takes no other number. */
export type LogRetentionDays = (typeof LOG_RETENTION_DAYS)[number];

/** The Lambda function that measures replica lag. Aurora has none: AWS measures there. */
export interface EmitterInput {
  /**
   * Seconds between two samples.
   * @default 10
   */
  readonly sampleSeconds?: 10 | 15 | 20 | 30 | 60;
  /**
   * PostgreSQL role that it logs in as, with IAM.
   * @default "readfleet_emitter"
   */
  readonly user?: string;
  /** @default 30 */
  readonly logRetentionDays?: LogRetentionDays;
  /**
   * Whether connections, timeline, the replication slot and whether a replica receives become metrics, which are billed each. They are in the
   * log in any case, and AWS has `DatabaseConnections` and `OldestReplicationSlotLag` for nothing, which the alarms stand on.
   * @default false
   */
  readonly serverMetrics?: boolean;
  /**
   * Whether CloudWatch keeps each sample by itself, for graphs of seconds. The alarms look at minutes.
   * @default false
   */
  readonly highResolution?: boolean;
}

/**
 * Who makes the PostgreSQL roles of apps, emitter and proxy: a Lambda function at the first deployment, or people by hand.
 * The function needs a way to Secrets Manager: see `network.secretsRoute`.
 */
export type BootstrapInput = { readonly kind: 'lambda' } | { readonly kind: 'manual' };
