import { policy, refuse } from '../policy';
import { DATABASES } from './databases';

/** The names that AWS's console offers. */
const DEFAULTS: readonly unknown[] = ['postgres', 'admin'];

export const masterUser = policy({
  code: 'READFLEET_POLICY_MASTER_USER',
  title: 'The master user has a name that nobody can guess from the manual.',
  controls: ['RDS.24', 'RDS.25'],
  types: DATABASES,
  check: (resource) =>
    refuse(
      resource,
      resource.type === 'aws_rds_cluster' ? 'master_username' : 'username',
      (value) => DEFAULTS.includes(value),
      {
        message: "It is AWS's default, the first that an attacker tries, and cannot be changed later.",
        fix: 'Choose another, e.g. "fleet_admin".',
      },
    ),
});
