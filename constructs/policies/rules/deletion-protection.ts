import { policy, refuse } from '../policy';
import { DATABASES, isReplica } from './databases';

export const deletionProtection = policy({
  code: 'READFLEET_POLICY_DELETION_PROTECTION',
  title: 'AWS refuses to delete what holds data.',
  controls: ['RDS.7', 'RDS.8'],
  types: DATABASES,
  exempt: { development: 'A development fleet is made to be thrown away.' },
  check: (resource) =>
    isReplica(resource)
      ? []
      : refuse(resource, 'deletion_protection', (value) => value !== true, {
          message: 'One call, by mistake or by malice, deletes the data.',
          fix: 'Write deletionProtection: true. To delete it one day, turn it off in a deployment of its own.',
        }),
});
