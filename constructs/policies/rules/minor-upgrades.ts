import { policy, refuse } from '../policy';
import { SERVERS } from './databases';

export const minorUpgrades = policy({
  code: 'READFLEET_POLICY_MINOR_UPGRADES',
  title: 'AWS installs minor versions in the maintenance window.',
  controls: ['RDS.13'],
  types: SERVERS,
  // Not said means on.
  check: (resource) =>
    refuse(resource, 'auto_minor_version_upgrade', (value) => value === false, {
      message: 'Security fixes of PostgreSQL wait until someone remembers them.',
      fix: 'Write autoMinorVersionUpgrade: true, on all members alike.',
    }),
});
