import { type Environment, PRIMARY } from '../../../constructs';
import type { Relation } from '../../../terraform';
import { type RelationsOf, type Stack, text } from './stack';

/** A member as Terraform names it: expressions. */
export interface MemberAddress {
  readonly name: string;
  readonly host: string;
  readonly resourceId: string;
}

/** The writer, then the readers, wherever the topology keeps what is known of them. */
export function membersOf(environment: Environment, stack: Stack): readonly MemberAddress[] {
  if (environment.topology === 'instances') {
    return instancesOf(environment).map(({ name, address }) => ({
      name,
      host: `${address}.address`,
      resourceId: `${address}.resource_id`,
    }));
  }
  const cluster = stack.one('aws_rds_cluster');
  const resourceId = `${cluster}.cluster_resource_id`;
  const writer = { name: PRIMARY, host: `${cluster}.endpoint`, resourceId };
  if (environment.topology === 'multi-az-cluster') {
    const identifier = `${environment.fleet}-${environment.name}`;
    // AWS makes them, and names them by the cluster.
    const host = (name: string) =>
      `replace(${cluster}.endpoint, ${text(`${identifier}.cluster-`)}, ${text(`${identifier}-${name}.`)})`;
    const names = ['instance-1', 'instance-2', 'instance-3'];
    return [writer, ...names.map((name) => ({ name, host: host(name), resourceId }))];
  }
  const reader = (name: string, id: string) => ({ name, host: `aws_rds_cluster_instance.${id}.endpoint`, resourceId });
  return [
    writer,
    ...Object.keys(environment.readers).map((name) => reader(name, `reader-${name}`)),
    // The first writer may be a reader after a failover.
    reader('primary-instance', 'primary'),
  ];
}

/** The servers of an environment that are resources of their own. */
export function instancesOf(environment: Environment): readonly { readonly name: string; readonly address: string }[] {
  if (environment.topology !== 'instances') return [];
  return [
    { name: PRIMARY, address: 'aws_db_instance.primary' },
    ...Object.keys(environment.replicas).map((name) => ({ name, address: `aws_db_instance.replica-${name}` })),
  ];
}

export const memberRelations: RelationsOf = (environment, stack) => {
  switch (environment.topology) {
    case 'instances':
      return instanceRelations(environment, stack);
    case 'multi-az-cluster':
      return clusterRelations(stack);
    case 'aurora':
      return [...clusterRelations(stack), ...auroraRelations(stack)];
  }
};

function instanceRelations(environment: Environment, stack: Stack): Relation[] {
  const instances = instancesOf(environment);
  const subnetGroup = 'aws_db_subnet_group.fleet';
  return [
    ...instances.flatMap(({ name, address }): Relation[] => [
      {
        name: `${name} is guarded by the members' security group alone`,
        condition: `toset(${address}.vpc_security_group_ids) == toset([aws_security_group.members.id])`,
      },
      {
        name: `${name} has the fleet's parameter group`,
        condition: `${address}.parameter_group_name == aws_db_parameter_group.fleet.name`,
      },
      ...(environment.database.monitoringIntervalSeconds > 0
        ? [
            {
              name: `${name} is monitored with the fleet's role`,
              condition: `${address}.monitoring_role_arn == aws_iam_role.monitoring.arn`,
            },
          ]
        : []),
    ]),
    ...Object.keys(environment.topology === 'instances' ? environment.promoted : {}).map((name) => ({
      name: `${name}, which was promoted, follows nobody and stays in the subnet group`,
      condition:
        `coalesce(aws_db_instance.replica-${name}.replicate_source_db, "nobody") == "nobody" && ` +
        `aws_db_instance.replica-${name}.db_subnet_group_name == ${subnetGroup}.name`,
    })),
    {
      name: 'the primary is in the subnet group',
      condition: `aws_db_instance.primary.db_subnet_group_name == ${subnetGroup}.name`,
    },
    ...inSubnets(subnetGroup, stack),
    ...instances.slice(1).map(({ name, address }) => ({
      name: `replica ${name} follows the primary`,
      condition: `${address}.replicate_source_db == aws_db_instance.primary.identifier`,
    })),
    {
      name: 'the master secret holds the password that the primary was given',
      condition:
        'aws_secretsmanager_secret_version.master.secret_string_wo_version == aws_db_instance.primary.password_wo_version && ' +
        'aws_secretsmanager_secret_version.master.secret_id == aws_secretsmanager_secret.master.id',
    },
  ];
}

function clusterRelations(stack: Stack): Relation[] {
  const cluster = stack.one('aws_rds_cluster');
  const subnetGroup = stack.one('aws_db_subnet_group');
  return [
    {
      name: "the cluster is guarded by the members' security group alone",
      condition: `toset(${cluster}.vpc_security_group_ids) == toset([aws_security_group.members.id])`,
    },
    { name: 'the cluster is in the subnet group', condition: `${cluster}.db_subnet_group_name == ${subnetGroup}.name` },
    ...inSubnets(subnetGroup, stack),
    {
      name: "the cluster has the fleet's parameter group",
      condition: `${cluster}.db_cluster_parameter_group_name == ${stack.one('aws_rds_cluster_parameter_group')}.name`,
    },
    {
      name: "AWS keeps the cluster's master password, under the fleet's key",
      condition: `${cluster}.manage_master_user_password && ${cluster}.master_user_secret_kms_key_id == aws_kms_key.fleet.arn`,
    },
  ];
}

function auroraRelations(stack: Stack): Relation[] {
  const cluster = stack.one('aws_rds_cluster');
  const scaled = stack.all('aws_appautoscaling_target').flatMap((target) => [
    {
      name: 'readers are added to the cluster',
      condition: `${target}.resource_id == "cluster:\${${cluster}.cluster_identifier}"`,
    },
    ...stack.all('aws_appautoscaling_policy').map((policy) => ({
      name: 'the policy is of what is scaled',
      condition: `${policy}.resource_id == ${target}.resource_id && ${policy}.scalable_dimension == ${target}.scalable_dimension`,
    })),
  ]);
  const members = stack.all('aws_rds_cluster_instance').flatMap((address) => [
    {
      name: `${address} is a member of the cluster`,
      condition: `${address}.cluster_identifier == ${cluster}.id || ${address}.cluster_identifier == ${cluster}.cluster_identifier`,
    },
    { name: `${address} has the cluster's engine`, condition: `${address}.engine == ${cluster}.engine` },
  ]);
  return [...members, ...scaled];
}

/** Of an existing network, the environment says the ids, and there is no resource to compare with. */
function inSubnets(subnetGroup: string, stack: Stack): Relation[] {
  const subnets = stack.all('aws_subnet').filter((address) => address.startsWith('aws_subnet.private-'));
  if (subnets.length === 0) return [];
  const ids = subnets.map((address) => `${address}.id`).join(', ');
  return [
    {
      name: 'the subnet group has the private subnet of every zone',
      condition: `toset(${subnetGroup}.subnet_ids) == toset([${ids}])`,
    },
    ...subnets.map((address) => ({
      name: `${text(address)} is in the network`,
      condition: `${address}.vpc_id == aws_vpc.network.id`,
    })),
  ];
}
