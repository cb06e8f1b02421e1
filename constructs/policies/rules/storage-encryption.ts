import { policy, refuse } from '../policy';
import { DATABASES } from './databases';

export const storageEncryption = policy({
  code: 'READFLEET_POLICY_STORAGE_ENCRYPTION',
  title: 'Storage, and so backups and snapshots, are encrypted.',
  controls: ['RDS.3', 'RDS.4', 'RDS.27'],
  types: DATABASES,
  check: (resource) =>
    refuse(resource, 'storage_encrypted', (value) => value !== true, {
      message: 'Storage, backups and snapshots lie open, and encryption cannot be turned on later.',
      fix: 'Write storageEncrypted: true, on replicas too. For what exists: copy a snapshot with a key and restore that.',
    }),
});
