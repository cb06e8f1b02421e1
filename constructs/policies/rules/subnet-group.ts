import { policy, refuse } from '../policy';
import { DATABASES, isReplica } from './databases';

export const subnetGroup = policy({
  code: 'READFLEET_POLICY_SUBNET_GROUP',
  title: 'A database names the private subnets that it lives in.',
  controls: ['RDS.46'],
  types: DATABASES,
  check: (resource) =>
    // A replica takes its source's.
    isReplica(resource)
      ? []
      : refuse(resource, 'db_subnet_group_name', (value) => value === undefined || value === 'default', {
          message: 'AWS would place it in the default VPC, whose subnets lead to the internet.',
          fix: 'Make a subnet group of private subnets in two zones and name it in dbSubnetGroupName.',
        }),
});
