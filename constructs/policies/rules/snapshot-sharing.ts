import { policy, refuse } from '../policy';

export const snapshotSharing = policy({
  code: 'READFLEET_POLICY_SNAPSHOT_SHARING',
  title: 'No snapshot is given to everyone.',
  controls: ['RDS.1'],
  types: ['aws_db_snapshot', 'aws_db_snapshot_copy', 'aws_db_cluster_snapshot', 'aws_rds_cluster_snapshot_copy'],
  check: (resource) =>
    refuse(resource, 'shared_accounts', (value) => Array.isArray(value) && value.includes('all'), {
      message: 'Every AWS account in the world may restore it.',
      fix: 'Name the accounts that may.',
    }),
});
