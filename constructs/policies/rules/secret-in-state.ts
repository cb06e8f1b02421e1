import { type Finding, policy } from '../policy';

/** By type: what Terraform would write into its state, and what it does not. */
const SECRETS: Readonly<Record<string, readonly (readonly [property: string, instead: string])[]>> = {
  aws_db_instance: [
    ['password', 'passwordWo with passwordWoVersion, or manageMasterUserPassword where nothing replicates it'],
  ],
  aws_rds_cluster: [['master_password', 'manageMasterUserPassword: true']],
  aws_secretsmanager_secret_version: [
    ['secret_string', 'secretStringWo with secretStringWoVersion'],
    ['secret_binary', 'secretStringWo with secretStringWoVersion'],
  ],
};

export const secretInState = policy({
  code: 'READFLEET_POLICY_SECRET_IN_STATE',
  title: 'No secret stands in the state.',
  controls: [],
  types: [...Object.keys(SECRETS), 'aws_ssm_parameter'],
  check: (resource): readonly Finding[] => {
    if (resource.type === 'aws_ssm_parameter') {
      return resource.get('type') === 'SecureString' && resource.get('value') !== undefined
        ? [finding('value', 'valueWo with valueWoVersion')]
        : [];
    }
    // Known or not: whatever Terraform reads there it writes down.
    return (SECRETS[resource.type] ?? [])
      .filter(([property]) => resource.get(property) !== undefined)
      .map(([property, instead]) => finding(property, instead));
  },
});

function finding(property: string, instead: string): Finding {
  return {
    property,
    got: '(hidden)',
    message: 'Terraform keeps it in its state and shows it to whoever reads that.',
    fix: `Write ${instead}.`,
  };
}
