import { parseContract } from '../../lib/contract';
import { checked } from './support/environments';
import { type Attributes, synthesise, tf } from './support/synth';

const network = {
  region: 'eu-west-1',
  vpcId: 'vpc-1',
  subnets: { 'eu-west-1a': 'subnet-1', 'eu-west-1b': 'subnet-2' },
} as const;
const dublin = { ...network, zone: 'eu-west-1a' };
const storage = { sizeGiB: 400, maxSizeGiB: 800, iops: 12_000, throughputMiBps: 500 };

const near = synthesise(checked({}, { storage }));
const fleet = synthesise(checked({ remoteReplicas: { dublin } }, { storage }));
const replica = fleet.one('aws_db_instance', 'eu-west-1-replica-dublin');

/** Every resource whose provider is that of the region, as `type.id`. */
function there(stack: typeof fleet, region = 'eu-west-1'): string[] {
  return Object.entries(stack.resource).flatMap(([type, all]) =>
    Object.entries(all)
      .filter(([, one]) => one.provider === `aws.${region}`)
      .map(([id]) => `${type}.${id}`),
  );
}

describe('a replica in another region', () => {
  test('follows the primary by ARN, encrypted with a key of its region, in a subnet group of its region', () => {
    expect(replica).toMatchObject({
      provider: 'aws.eu-west-1',
      identifier: 'orders-test-dublin',
      replicate_source_db: tf('aws_db_instance.primary.arn'),
      kms_key_id: tf('aws_kms_key.eu-west-1-fleet.arn'),
      performance_insights_kms_key_id: tf('aws_kms_key.eu-west-1-fleet.arn'),
      db_subnet_group_name: tf('aws_db_subnet_group.eu-west-1-fleet.name'),
      vpc_security_group_ids: [tf('aws_security_group.eu-west-1-members.id')],
      parameter_group_name: tf('aws_db_parameter_group.eu-west-1-fleet.name'),
      availability_zone: 'eu-west-1a',
      storage_encrypted: true,
    });
  });

  test('has all else that members share from the primary', () => {
    const primary = fleet.one('aws_db_instance', 'primary');
    const shared = [
      'apply_immediately',
      'auto_minor_version_upgrade',
      'ca_cert_identifier',
      'database_insights_mode',
      'enabled_cloudwatch_logs_exports',
      'iam_database_authentication_enabled',
      'instance_class',
      'iops',
      'maintenance_window',
      'max_allocated_storage',
      'monitoring_interval',
      'monitoring_role_arn',
      'publicly_accessible',
      'storage_throughput',
      'storage_type',
    ];

    for (const attribute of shared) {
      expect([attribute, replica[attribute]]).toEqual([attribute, primary[attribute]]);
      expect(primary[attribute]).toBeDefined();
    }
    expect(fleet.one('aws_db_parameter_group', 'eu-west-1-fleet').parameter).toEqual(
      fleet.one('aws_db_parameter_group', 'fleet').parameter,
    );
  });

  test('says nothing that AWS refuses on a replica, and can be taken away in one deployment', () => {
    const refused =
      /^(allocated_storage|db_name|engine|engine_version|manage_master_user_password|password.*|username)$/;

    expect(Object.keys(replica).filter((key) => refused.test(key))).toEqual([]);
    expect(replica).toMatchObject({ skip_final_snapshot: true, deletion_protection: false, multi_az: false });
    expect(fleet.one('aws_kms_key', 'eu-west-1-fleet').deletion_window_in_days).toBe(30);
    expect(fleet.one('aws_kms_alias', 'eu-west-1-fleet').name).toBe('alias/readfleet/orders-test');
    expect(fleet.one('aws_kms_key', 'eu-west-1-fleet')).toMatchObject({
      enable_key_rotation: true,
      lifecycle: { prevent_destroy: false },
    });
  });

  test('without enhanced monitoring has no role', () => {
    const stack = synthesise(checked({ stage: 'development', remoteReplicas: { dublin } }));

    expect(stack.one('aws_db_instance', 'eu-west-1-replica-dublin')).not.toHaveProperty('monitoring_role_arn');
  });
});

describe('a region', () => {
  test('has a provider of its own, and everything in it is made by that one', () => {
    const prefixed = Object.entries(fleet.resource).flatMap(([type, all]) =>
      Object.keys(all)
        .filter((id) => id.startsWith('eu-west-1-'))
        .map((id) => `${type}.${id}`),
    );

    expect(fleet.provider.aws).toEqual([{ region: 'eu-central-1' }, { alias: 'eu-west-1', region: 'eu-west-1' }]);
    expect(prefixed).toContain('aws_db_instance.eu-west-1-replica-dublin');
    expect(there(fleet).sort()).toEqual(prefixed.sort());
  });

  test('calls what is in it as the fleet is called', () => {
    const names = (['aws_db_subnet_group', 'aws_db_parameter_group'] as const).map(
      (type) => fleet.one(type, 'eu-west-1-fleet').name,
    );

    expect(names).toEqual(['orders-test', 'orders-test-postgres17']);
    expect(fleet.one('aws_security_group', 'eu-west-1-members').name).toBe('orders-test-members');
  });

  test('that is synthesised offline calls nothing either', () => {
    const { provider } = synthesise(checked({ remoteReplicas: { dublin } }), { offline: true });
    const [home, away] = provider.aws as [Attributes, Attributes];

    expect(away).toEqual({ ...home, alias: 'eu-west-1', region: 'eu-west-1' });
  });

  test('lets in its client group and the groups that its replicas name, each once', () => {
    const stack = synthesise(
      checked({
        remoteReplicas: {
          dublin: { ...dublin, securityGroupIds: ['sg-1', 'sg-2'] },
          cork: { ...network, zone: 'eu-west-1b', securityGroupIds: ['sg-2'] },
        },
      }),
    );
    const rules = Object.keys(stack.resource.aws_vpc_security_group_ingress_rule ?? {});

    expect(rules.filter((id) => id.startsWith('eu-west-1-'))).toEqual([
      'eu-west-1-members-from-clients',
      'eu-west-1-members-from-sg-1',
      'eu-west-1-members-from-sg-2',
    ]);
  });

  test('has one of each for all of its replicas, and another region has its own', () => {
    const paris = {
      region: 'eu-west-3',
      zone: 'eu-west-3a',
      vpcId: 'vpc-3',
      subnets: { 'eu-west-3a': 'subnet-5', 'eu-west-3b': 'subnet-6' },
    };
    const cork = { ...network, zone: 'eu-west-1b' };
    const stack = synthesise(checked({ remoteReplicas: { dublin, cork, paris } }));
    const names = (type: string) => Object.keys(stack.resource[type] ?? {});

    expect(names('aws_kms_key')).toEqual(['eu-west-1-fleet', 'eu-west-3-fleet', 'fleet'].sort());
    expect(names('aws_ssm_parameter').filter((id) => id.endsWith('contract'))).toEqual([
      'contract',
      'eu-west-1-contract',
      'eu-west-3-contract',
    ]);
    expect(names('aws_db_instance')).toEqual(
      expect.arrayContaining(['eu-west-1-replica-cork', 'eu-west-1-replica-dublin', 'eu-west-3-replica-paris']),
    );
    expect(stack.provider.aws.map(({ alias }) => alias)).toEqual([undefined, 'eu-west-1', 'eu-west-3']);
  });

  test('to add or take away a remote replica changes nothing elsewhere', () => {
    const only = (all: typeof fleet.resource) =>
      Object.fromEntries(
        Object.entries(all)
          .map(([type, some]) => [type, Object.entries(some).filter(([, one]) => one.provider === undefined)] as const)
          .filter(([, some]) => some.length > 0),
      );

    expect(only(fleet.resource)).toEqual(only(near.resource));
    expect(there(near)).toEqual([]);
  });

  test('to take one of two away changes of the others only the contract, the policy and the outputs', () => {
    const both = synthesise(
      checked({ remoteReplicas: { dublin, cork: { ...network, zone: 'eu-west-1b' } } }, { storage }),
    );
    const changed = Object.entries(both.resource).flatMap(([type, all]) =>
      Object.entries(all)
        .filter(([id, one]) => JSON.stringify(fleet.resource[type]?.[id]) !== JSON.stringify(one))
        .map(([id]) => `${type}.${id}`),
    );

    expect(changed.sort()).toEqual([
      'aws_db_instance.eu-west-1-replica-cork',
      'aws_iam_policy.eu-west-1-client',
      'aws_ssm_parameter.eu-west-1-contract',
    ]);
  });
});

describe('its contract', () => {
  const parameter = fleet.one('aws_ssm_parameter', 'eu-west-1-contract');
  const contract = parseContract(String(parameter.insecure_value).replaceAll(/\$\{([^}]*)\}/g, '$1'));

  test('stands under the usual name', () => {
    expect(parameter).toMatchObject({
      name: '/readfleet/orders/test/contract',
      type: 'String',
      tier: 'Standard',
      provider: 'aws.eu-west-1',
    });
  });

  test('reads from the replicas there and writes to the primary, each with the region that its tokens are signed for', () => {
    expect(contract.region).toBe('eu-west-1');
    expect(contract.writer).toMatchObject({
      name: 'primary',
      host: 'aws_db_instance.primary.address',
      region: 'eu-central-1',
    });
    expect(contract.readers).toEqual([
      {
        name: 'dublin',
        host: 'aws_db_instance.eu-west-1-replica-dublin.address',
        port: 5432,
        zone: 'eu-west-1a',
        resourceId: 'aws_db_instance.eu-west-1-replica-dublin.resource_id',
      },
    ]);
  });

  test("names neither proxy nor read name, which answer in the primary's network alone", () => {
    const readName = { zone: { kind: 'create', domain: 'orders.internal' }, name: 'read' } as const;
    const stack = synthesise(checked({ remoteReplicas: { dublin }, proxy: {}, readName }));
    const text = (id: string) => String(stack.one('aws_ssm_parameter', id).insecure_value);

    expect(text('contract')).toMatch(/"proxy":.*"readName":/);
    expect(text('eu-west-1-contract')).not.toMatch(/"proxy":|"readName":/);
  });

  test('comes with a policy that reads it and connects to the replicas there, and nothing else', () => {
    const policy = fleet.one('aws_iam_policy', 'eu-west-1-client');
    const account = tf('element(split(":", aws_kms_key.eu-west-1-fleet.arn), 4)');
    const id = tf('aws_db_instance.eu-west-1-replica-dublin.resource_id');

    expect(policy.name).toBe('orders-test-client-eu-west-1');
    expect(JSON.parse(String(policy.policy).replaceAll('(":", ', '(\\":\\", '))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadFleetParameters',
          Effect: 'Allow',
          Action: ['ssm:GetParameter', 'ssm:GetParameters'],
          Resource: [`arn:aws:ssm:eu-west-1:${account}:parameter/readfleet/orders/test/contract`],
        },
        {
          Sid: 'ConnectToReplicas',
          Effect: 'Allow',
          Action: 'rds-db:connect',
          Resource: [`arn:aws:rds-db:eu-west-1:${account}:dbuser:${id}/app`],
        },
      ],
    });
  });

  test('is told by outputs, which begin with the region', () => {
    expect(fleet.output).toMatchObject({
      'eu-west-1-contract_parameter': { value: '/readfleet/orders/test/contract' },
      'eu-west-1-reader_hosts': { value: { dublin: tf('aws_db_instance.eu-west-1-replica-dublin.address') } },
      'eu-west-1-client_security_group_id': { value: tf('aws_security_group.eu-west-1-clients.id') },
      'eu-west-1-client_policy_arn': { value: tf('aws_iam_policy.eu-west-1-client.arn') },
    });
  });
});

test('the main contract, its policy and its alarms know nothing of remote replicas', () => {
  expect(fleet.one('aws_ssm_parameter', 'contract')).toEqual(near.one('aws_ssm_parameter', 'contract'));
  expect(fleet.resource.aws_cloudwatch_metric_alarm).toEqual(near.resource.aws_cloudwatch_metric_alarm);
});
