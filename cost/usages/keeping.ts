import { type Deployment, ofType, type Resource } from '../deployment';
import type { Usage } from '../usage';
import { byRegion, counted } from './counted';

/** Keys, secrets and parameters. Standard parameters are free. */
export function keepingUsages(deployment: Deployment): Usage[] {
  return [
    ...counted(deployment, 'aws_kms_key', { part: 'keeping', what: 'KMS key', price: 'kms-key' }),
    ...byRegion(secretsOf(deployment)).map(
      ([region, some]): Usage => ({
        part: 'keeping',
        what: 'secrets',
        region,
        quantity: some.length,
        unit: '',
        price: 'secret',
      }),
    ),
    ...byRegion(ofType(deployment, 'aws_ssm_parameter').filter(({ attributes }) => attributes.tier === 'Advanced')).map(
      ([region, some]): Usage => ({
        part: 'keeping',
        what: 'advanced parameters',
        region,
        quantity: some.length,
        unit: '',
        price: 'advanced-parameter',
      }),
    ),
  ];
}

/** Those of the stack, and the one that RDS makes for a cluster: it is billed like any other. */
function secretsOf(deployment: Deployment): Resource[] {
  return [
    ...ofType(deployment, 'aws_secretsmanager_secret'),
    ...ofType(deployment, 'aws_rds_cluster').filter(
      ({ attributes }) => attributes.manage_master_user_password === true,
    ),
  ];
}
