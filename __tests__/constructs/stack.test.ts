import { Testing } from 'cdktf';
import { describeStack, environment, ReadFleetStack } from '../../constructs';
import { loadEnvironments } from '../../environments';
import { parseContract } from '../../lib/contract';
import { checked, input } from './support/environments';
import { parse, type Synthesised, synthesise, tf } from './support/synth';

const production = synthesise(checked());
const replicas = (stack: Synthesised) =>
  Object.entries(stack.resource.aws_db_instance ?? {}).filter(([id]) => id !== 'primary');

describe('members', () => {
  test('the primary is encrypted, highly available, backed up, watched and protected', () => {
    expect(production.one('aws_db_instance', 'primary')).toMatchObject({
      engine: 'postgres',
      engine_version: '17',
      storage_type: 'gp3',
      storage_encrypted: true,
      kms_key_id: tf('aws_kms_key.fleet.arn'),
      multi_az: true,
      backup_retention_period: 30,
      deletion_protection: true,
      publicly_accessible: false,
      iam_database_authentication_enabled: true,
      copy_tags_to_snapshot: true,
      apply_immediately: false,
      skip_final_snapshot: false,
      performance_insights_enabled: true,
      performance_insights_kms_key_id: tf('aws_kms_key.fleet.arn'),
      monitoring_interval: 60,
      monitoring_role_arn: tf('aws_iam_role.monitoring.arn'),
      depends_on: ['aws_iam_role_policy_attachment.monitoring'],
      enabled_cloudwatch_logs_exports: ['postgresql', 'upgrade'],
      lifecycle: { prevent_destroy: true },
    });
  });

  test('a replica says nothing that AWS refuses on one', () => {
    const refused = [
      'allocated_storage',
      'backup_retention_period',
      'blue_green_update',
      'db_name',
      'db_subnet_group_name',
      'engine',
      'engine_version',
      'final_snapshot_identifier',
      'kms_key_id',
      'manage_master_user_password',
      'password',
      'password_wo',
      'password_wo_version',
      'username',
    ];

    for (const [, replica] of replicas(production)) {
      expect(Object.keys(replica)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(`^(${refused.join('|')})$`)]),
      );
      expect(replica).toMatchObject({ skip_final_snapshot: true, deletion_protection: false, multi_az: false });
    }
  });

  test('a replica follows the primary by identifier and has all that they share from it', () => {
    const database = { storage: { sizeGiB: 400, maxSizeGiB: 800, iops: 12_000, throughputMiBps: 500 } };
    const stack = synthesise(checked({}, database));
    const primary = stack.one('aws_db_instance', 'primary');
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
      'parameter_group_name',
      'performance_insights_kms_key_id',
      'storage_encrypted',
      'storage_throughput',
      'storage_type',
      'vpc_security_group_ids',
    ];

    for (const [, replica] of replicas(stack)) {
      expect(replica.replicate_source_db).toBe(tf('aws_db_instance.primary.identifier'));
      for (const attribute of shared) {
        expect([attribute, replica[attribute]]).toEqual([attribute, primary[attribute]]);
        expect(primary[attribute]).toBeDefined();
      }
    }
  });

  test('a replica stands in the zone that it names', () => {
    const two = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' } };

    expect(
      replicas(synthesise(checked({ replicas: two }))).map(([id, replica]) => [id, replica.availability_zone]),
    ).toEqual([
      ['replica-blue', 'eu-central-1a'],
      ['replica-green', 'eu-central-1b'],
    ]);
  });

  test('to take a replica away changes no other resource', () => {
    const all = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' }, red: { zone: 'eu-central-1a' } };
    const { green: _, ...rest } = all;
    const { 'replica-green': gone, ...before } = synthesise(checked({ replicas: all })).resource.aws_db_instance ?? {};

    expect(gone).toBeDefined();
    expect(synthesise(checked({ replicas: rest })).resource.aws_db_instance).toEqual(before);
  });

  test('monitoring that is off makes no role', () => {
    const stack = synthesise(checked({}, { monitoringIntervalSeconds: 0 }));

    expect(stack.resource.aws_iam_role).toBeUndefined();
    expect(stack.one('aws_db_instance', 'primary')).not.toHaveProperty('monitoring_role_arn');
  });

  test('a development environment can be thrown away', () => {
    const stack = synthesise(checked({ stage: 'development' }));

    expect(stack.one('aws_db_instance', 'primary')).toMatchObject({
      skip_final_snapshot: true,
      deletion_protection: false,
    });
    expect(stack.one('aws_kms_key', 'fleet').deletion_window_in_days).toBe(7);
    expect(stack.one('aws_secretsmanager_secret', 'master').recovery_window_in_days).toBe(0);
    expect(stack.text).not.toContain('"prevent_destroy": true');
  });
});

describe('what surrounds the members', () => {
  test('the key rotates, and what it encrypted survives a mistake for 30 days', () => {
    expect(production.one('aws_kms_key', 'fleet')).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('one parameter group serves all members, and a new family makes a new one first', () => {
    expect(production.one('aws_db_parameter_group', 'fleet')).toMatchObject({
      name: 'orders-test-postgres17',
      family: 'postgres17',
      lifecycle: { create_before_destroy: true },
      parameter: expect.arrayContaining([{ name: 'rds.force_ssl', value: '1', apply_method: 'immediate' }]),
    });
    expect(synthesise(checked({}, { engineMajor: 18 })).one('aws_db_parameter_group', 'fleet').name).toBe(
      'orders-test-postgres18',
    );
  });

  test('clients reach members on 5432, members reach no one, and no rule names an address', () => {
    const stack = synthesise(checked({ access: { securityGroupIds: ['sg-1'] } }));
    const rule = { ip_protocol: 'tcp', from_port: 5432, to_port: 5432 };
    const members = tf('aws_security_group.members.id');
    const clients = tf('aws_security_group.clients.id');

    expect(stack.resource.aws_vpc_security_group_egress_rule).toEqual({
      'clients-to-members': expect.objectContaining({
        ...rule,
        security_group_id: clients,
        referenced_security_group_id: members,
      }),
    });
    expect(stack.resource.aws_vpc_security_group_ingress_rule).toEqual({
      'members-from-clients': expect.objectContaining({
        ...rule,
        security_group_id: members,
        referenced_security_group_id: clients,
      }),
      'members-from-sg-1': expect.objectContaining({
        ...rule,
        security_group_id: members,
        referenced_security_group_id: 'sg-1',
      }),
    });
    expect(stack.text).not.toMatch(/0\.0\.0\.0\/0|::\/0|cidr_ipv4/);
    for (const group of Object.values(stack.resource.aws_security_group ?? {})) {
      expect(group).not.toHaveProperty('egress');
      expect(group).not.toHaveProperty('ingress');
    }
  });

  test('a created network has one private subnet per zone and no way out', () => {
    const types = Object.keys(production.resource);

    expect(Object.keys(production.resource.aws_subnet ?? {})).toEqual([
      'private-eu-central-1a',
      'private-eu-central-1b',
    ]);
    expect(types).not.toEqual(expect.arrayContaining([expect.stringMatching(/gateway|route/)]));
    expect(production.one('aws_default_security_group', 'unused')).not.toHaveProperty('ingress');
  });

  test('an existing network is taken by its ids, and nothing is made in it or looked up', () => {
    const subnets = { 'eu-central-1a': 'subnet-1', 'eu-central-1b': 'subnet-2' };
    const stack = synthesise(checked({ network: { kind: 'existing', vpcId: 'vpc-1', subnets } }));

    expect(stack.one('aws_db_subnet_group', 'fleet').subnet_ids).toEqual(['subnet-1', 'subnet-2']);
    expect(stack.one('aws_security_group', 'members').vpc_id).toBe('vpc-1');
    expect(stack.resource.aws_vpc).toBeUndefined();
    expect(stack).not.toHaveProperty('data');
  });

  test('every resource that takes tags says fleet, environment and who manages it; its own tags stay', () => {
    const stack = synthesise(checked({ tags: { Team: 'orders', Fleet: 'no' } }));
    const tags = { Team: 'orders', Fleet: 'orders', Environment: 'test', ManagedBy: 'readfleet' };

    expect(stack.one('aws_db_instance', 'replica-blue').tags).toEqual({
      ...tags,
      Role: 'replica',
      Name: 'orders-test-blue',
    });
    expect(stack.one('aws_kms_key', 'fleet').tags).toEqual(tags);
    expect(stack.one('aws_kms_alias', 'fleet')).not.toHaveProperty('tags');
  });
});

describe('the master password', () => {
  const value = tf('ephemeral.aws_secretsmanager_random_password.master-password.random_password');

  test('feeds primary and secret from one ephemeral value, with one version', () => {
    const stack = synthesise(checked({}, { masterPasswordVersion: 4 }));

    expect(stack.one('aws_db_instance', 'primary')).toMatchObject({ password_wo: value, password_wo_version: 4 });
    expect(stack.one('aws_secretsmanager_secret_version', 'master')).toMatchObject({
      secret_string_wo: expect.stringContaining(value.slice(2, -1)),
      secret_string_wo_version: 4,
      lifecycle: { replace_triggered_by: ['aws_db_instance.primary.resource_id'] },
    });
    expect(stack.one('terraform_data', 'master-password').triggers_replace).toBe(4);
  });

  test('is unknown while a first deployment is planned, so that the plan calls nothing', () => {
    expect(production.ephemeral.aws_secretsmanager_random_password?.['master-password']?.exclude_characters).toBe(
      tf('terraform_data.master-password.output'),
    );
  });

  test('goes into the secret after the primary has taken it', () => {
    expect(production.one('aws_secretsmanager_secret_version', 'master').secret_string_wo).toContain(
      'aws_db_instance.primary.address',
    );
  });

  test('leaves nothing secret in the synthesised JSON', () => {
    const secretive = /"(password|secret_string|secret_binary|master_password|access_key|secret_key|token|value_wo)":/;

    for (const { environment: one } of loadEnvironments()) {
      const { text } = synthesise(one);
      expect(text).not.toMatch(secretive);
      expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|-----BEGIN/);
      expect(text.match(/"password_wo": "[^"]*"/g)).toEqual([`"password_wo": "${value}"`]);
    }
  });
});

describe('state and provider', () => {
  test('state in S3 is encrypted and locked', () => {
    expect(production.terraform.backend).toEqual({
      s3: {
        bucket: 'state',
        key: 'readfleet/orders/test.tfstate',
        region: 'eu-central-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('versions are as wide as is true', () => {
    expect(production.terraform).toMatchObject({
      required_version: '>= 1.11.0',
      required_providers: { aws: { source: 'aws', version: '>= 5.100.0, < 7.0.0' } },
    });
  });

  test('a normal synth bakes in no key, endpoint or account', () => {
    expect(production.provider.aws).toEqual([{ region: 'eu-central-1' }]);
    expect(production.text).not.toMatch(/endpoint|\d{12}|offline/);
  });

  test('an offline synth has keys that AWS refuses, calls nothing and keeps its state beside it', () => {
    const stack = synthesise(checked(), { offline: true });

    expect(stack.provider.aws[0]).toEqual({
      region: 'eu-central-1',
      access_key: 'offline-plan-only',
      secret_key: 'offline-plan-only',
      skip_credentials_validation: true,
      skip_metadata_api_check: 'true',
      skip_region_validation: true,
      skip_requesting_account_id: true,
    });
    expect(stack.terraform.backend).toEqual({ local: { path: 'offline.tfstate' } });
    expect({ ...stack.resource }).toEqual({ ...production.resource });
  });
});

describe('the fleet contract', () => {
  test('stands in SSM and in an output, and is one once Terraform has filled it in', () => {
    const two = { blue: { zone: 'eu-central-1a', weight: 3 }, green: { zone: 'eu-central-1b' } };
    const stack = synthesise(checked({ replicas: two }));
    const parameter = stack.one('aws_ssm_parameter', 'contract');

    expect(parameter).toMatchObject({ name: '/readfleet/orders/test/contract', type: 'String', tier: 'Standard' });
    expect(stack.output.contract?.value).toBe(parameter.insecure_value);
    const filledIn = String(parameter.insecure_value).replace(/\$\{aws_db_instance\.([a-z-]+)\.[a-z_]+\}/g, '$1');
    expect(parseContract(filledIn)).toEqual({
      version: 1,
      fleet: 'orders',
      environment: 'test',
      topology: 'instances',
      region: 'eu-central-1',
      engine: { major: 17 },
      database: 'orders',
      auth: { kind: 'iam', user: 'app' },
      tls: 'verify-full',
      writer: { name: 'primary', host: 'primary', port: 5432, resourceId: 'primary' },
      readers: [
        {
          name: 'blue',
          host: 'replica-blue',
          port: 5432,
          zone: 'eu-central-1a',
          weight: 3,
          resourceId: 'replica-blue',
        },
        {
          name: 'green',
          host: 'replica-green',
          port: 5432,
          zone: 'eu-central-1b',
          weight: 1,
          resourceId: 'replica-green',
        },
      ],
      lag: { warningSeconds: 1, criticalSeconds: 5 },
    });
  });

  test('takes a larger parameter for many readers, and fits it', () => {
    const name = (index: number) => `${'r'.repeat(48)}${index + 10}`;
    const many = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [name(index), { zone: 'eu-central-1a' }]));
    const parameter = synthesise(checked({ replicas: many })).one('aws_ssm_parameter', 'contract');
    // As long as AWS's names get: identifier, account part, region and the rest.
    const host = `${'h'.repeat(63)}.${'a'.repeat(12)}.ap-southeast-1.rds.amazonaws.com`;

    expect(parameter.tier).toBe('Advanced');
    expect(String(parameter.insecure_value).replace(/\$\{[^}]*\}/g, host).length).toBeLessThan(8192);
    expect(String(parameter.insecure_value)).not.toMatch(/TfToken|e\+?308/);
  });
});

describe('logical ids', () => {
  // Terraform replaces what changes its name. A database must not: this list may grow, and no line of it may change.
  test('of what keeps state are those of the first release', () => {
    const pinned = [
      'aws_db_instance.primary',
      'aws_db_instance.replica-blue',
      'aws_db_parameter_group.fleet',
      'aws_db_subnet_group.fleet',
      'aws_iam_role.monitoring',
      'aws_kms_alias.fleet',
      'aws_kms_key.fleet',
      'aws_secretsmanager_secret.master',
      'aws_secretsmanager_secret_version.master',
      'aws_security_group.clients',
      'aws_security_group.members',
      'aws_ssm_parameter.contract',
      'aws_subnet.private-eu-central-1a',
      'aws_subnet.private-eu-central-1b',
      'aws_vpc.network',
      'terraform_data.life',
      'terraform_data.master-password',
    ];
    const ids = Object.entries(production.resource).flatMap(([type, all]) =>
      Object.keys(all).map((id) => `${type}.${id}`),
    );

    expect(ids).toEqual(expect.arrayContaining(pinned));
    // cdktf's own ids end in a hash of the construct's path.
    expect(ids.filter((id) => /_[0-9A-F]{8}$/.test(id))).toEqual([]);
  });
});

describe('a stack', () => {
  test('tells what it consists of', () => {
    const stack = new ReadFleetStack(Testing.app({ stackTraces: false }), 'test', { environment: checked() });
    const { resource } = parse(Testing.synth(stack));

    expect(describeStack(stack)).toEqual({
      environment: 'test',
      topology: 'instances',
      members: ['primary', 'blue'],
      resources: Object.values(resource).reduce((sum, all) => sum + Object.keys(all).length, 0),
    });
  });

  test.each(loadEnvironments().map(({ environment: one }) => [one.name, one] as const))(
    'of %s is what it was',
    (_, one) => {
      expect(synthesise(one).text).toMatchSnapshot();
    },
  );

  test('of an environment that was checked twice is the same', () => {
    expect(synthesise(environment(input())).text).toBe(production.text);
  });
});
