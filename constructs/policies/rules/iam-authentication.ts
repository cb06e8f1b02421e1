import { policy, refuse } from '../policy';
import { DATABASES, engineOf } from './databases';

const ENGINES: readonly unknown[] = ['postgres', 'aurora-postgresql', 'mysql', 'aurora-mysql', 'mariadb'];

export const iamAuthentication = policy({
  code: 'READFLEET_POLICY_IAM_AUTHENTICATION',
  title: 'Apps can log in without a password.',
  controls: ['RDS.10', 'RDS.12'],
  types: DATABASES,
  check: (resource, stack) =>
    ENGINES.includes(engineOf(resource, stack))
      ? refuse(resource, 'iam_database_authentication_enabled', (value) => value !== true, {
          message: 'Every app needs a password, which leaks, stays valid and must be rotated.',
          fix: 'Write iamDatabaseAuthenticationEnabled: true. Logins with a password still work.',
        })
      : [],
});
