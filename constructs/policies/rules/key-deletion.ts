import { policy, refuse } from '../policy';
import { isLess } from './databases';

const DAYS = 30;

export const keyDeletion = policy({
  code: 'READFLEET_POLICY_KEY_DELETION',
  title: `A deleted key can be had back for ${DAYS} days.`,
  controls: ['KMS.3'],
  types: ['aws_kms_key', 'aws_kms_replica_key'],
  exempt: { development: 'What the key protects is thrown away with it; a week is enough for a mistake.' },
  check: (resource) =>
    refuse(resource, 'deletion_window_in_days', (value) => isLess(value, DAYS, DAYS), {
      message: 'What the key encrypted, snapshots and backups among it, is lost with the key.',
      fix: `Write deletionWindowInDays: ${DAYS}.`,
    }),
});
