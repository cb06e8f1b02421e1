import { policy, refuse } from '../policy';
import { DATABASES, isReplica } from './databases';

export const finalSnapshot = policy({
  code: 'READFLEET_POLICY_FINAL_SNAPSHOT',
  title: 'A destroyed database leaves a snapshot.',
  controls: [],
  types: DATABASES,
  exempt: { development: 'A development fleet is made to be thrown away.' },
  check: (resource) =>
    isReplica(resource)
      ? []
      : refuse(resource, 'skip_final_snapshot', (value) => value === true, {
          message: 'What is destroyed by mistake is gone: its backups go with it.',
          fix: 'Write skipFinalSnapshot: false and a finalSnapshotIdentifier.',
        }),
});
