import { policy, refuse } from '../policy';
import { DATABASES, isLess, isReplica } from './databases';

/** Security Hub's default. */
const LEAST_DAYS = 7;

export const backups = policy({
  code: 'READFLEET_POLICY_BACKUPS',
  title: `Backups reach back ${LEAST_DAYS} days or more.`,
  controls: ['RDS.11', 'RDS.50'],
  types: DATABASES,
  exempt: { development: 'One day of backups is what replicas need; the data can be made anew.' },
  check: (resource) =>
    isReplica(resource)
      ? []
      : refuse(
          resource,
          'backup_retention_period',
          // What is said of none: an instance keeps no backup, a cluster one day's.
          (value) => isLess(value, LEAST_DAYS, resource.type === 'aws_rds_cluster' ? 1 : 0),
          {
            message: 'A fault that is noticed after a long weekend can no longer be undone.',
            fix: `Write backupRetentionPeriod: ${LEAST_DAYS} or more, 35 at most.`,
          },
        ),
});
