/**
 * RDS Proxy before the fleet: it keeps few connections to the database for many of its clients, and holds them through a failover.
 *
 * It listens on 5432, wants TLS, and logs in to the database as a role of its own (docs/decisions/0015-proxy.md), which apps that
 * come through the proxy are.
 */
export interface ProxyInput {
  /**
   * How apps prove who they are to the proxy: with IAM, or with the password in the proxy role's secret.
   * @default "iam"
   */
  readonly auth?: 'iam' | 'password';
  /**
   * PostgreSQL role that the proxy logs in as. It has a password, so it is none that logs in with IAM.
   * @default "app_proxy"
   */
  readonly user?: string;
  /**
   * Raise it by one to have a new password of that role made.
   * @default 1
   */
  readonly passwordVersion?: number;
  /**
   * Connections to the database at most, in percent of `max_connections`.
   * @default 80 - the rest is for those who come directly: the library, the emitter, people
   */
  readonly maxConnectionsPercent?: number;
  /**
   * Seconds that a client waits for a connection before it is refused.
   * @default 10
   */
  readonly borrowTimeoutSeconds?: number;
  /**
   * Minutes after which an idle client is disconnected.
   * @default 30
   */
  readonly idleClientTimeoutMinutes?: number;
}

/** Of clusters alone: AWS attaches the proxy of an instance to its writer only. */
export interface ClusterProxyInput extends ProxyInput {
  /**
   * A READ_ONLY endpoint over the readers.
   * @default true
   */
  readonly readEndpoint?: boolean;
}
