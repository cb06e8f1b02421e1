import type { FleetContract } from '../../lib/contract';
import { LAG_MINUTES, UNHEALTHY_SECONDS } from '../../lib/lag/thresholds';

/** What rules and dashboards need to know of a fleet. */
export type Ruled = Pick<FleetContract, 'fleet' | 'environment' | 'lag'>;

const MINUTE = 60;

/** Of what only the app sees, and no alarm on AWS watches. Percent and seconds. */
export const APP_THRESHOLDS = {
  poolPercent: { warning: 80, critical: 90 },
  /** Not one busy moment: five minutes on end. */
  poolSeconds: 5 * MINUTE,
  breakerSeconds: 10 * MINUTE,
  replicaUsePercent: 50,
  replicaUseSeconds: 30 * MINUTE,
  primarySeconds: MINUTE,
  noReplicaSeconds: LAG_MINUTES.critical.breaching * MINUTE,
  /** Of calls that fail and of reads that are shed: one percent is nobody's typing mistake. */
  failuresPercent: 1,
  failuresSeconds: 2 * MINUTE,
  switchedOffSeconds: 60 * MINUTE,
  disagreesSeconds: 10 * MINUTE,
  silentSeconds: 5 * MINUTE,
} as const;

/** Those of replication, which the contract carries: CloudWatch's alarms of the same environment have the same. */
export function replicationThresholds({ lag }: Ruled) {
  const { warningSeconds, criticalSeconds, unhealthySeconds = UNHEALTHY_SECONDS } = lag;
  return {
    lag: {
      warning: { seconds: warningSeconds, forSeconds: LAG_MINUTES.warning.breaching * MINUTE },
      critical: { seconds: criticalSeconds, forSeconds: LAG_MINUTES.critical.breaching * MINUTE },
    },
    unhealthySeconds,
  } as const;
}
