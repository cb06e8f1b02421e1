/**
 * When people are told of replication, where nobody says otherwise. CloudWatch's alarms, Prometheus's alerts and the marks on the dashboards have
 * these numbers from here, and what an environment changed from the fleet contract.
 */
export const LAG_THRESHOLDS = { warningSeconds: 1, criticalSeconds: 5 } as const;

/** How long a member may be unhealthy. Two minutes: in one minute alone a sample can be late. */
export const UNHEALTHY_SECONDS = 120;

/**
 * How many minutes must have been beyond a threshold of lag, and, where minutes need not be on end, of how many. One slow minute is a checkpoint
 * or a vacuum; three in five is a replica that does not keep up. Critical is sooner, since reads leave the replica at once.
 */
export const LAG_MINUTES = {
  warning: { breaching: 3, of: 5 },
  critical: { breaching: 2, of: 3 },
} as const;
