import { checked } from '../support/environments';
import { type Attributes, type Synthesised, synthesise, tf } from '../support/synth';

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

  test('another major version is allowed only when the environment says so, to the primary', () => {
    const upgraded = synthesise(checked({}, { allowMajorVersionUpgrade: true }));

    expect(production.one('aws_db_instance', 'primary')).not.toHaveProperty('allow_major_version_upgrade');
    expect(upgraded.one('aws_db_instance', 'primary').allow_major_version_upgrade).toBe(true);
    for (const [, replica] of replicas(upgraded)) expect(replica).not.toHaveProperty('allow_major_version_upgrade');
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
    const all = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1a' }, red: { zone: 'eu-central-1b' } };
    const { green: _, ...rest } = all;
    const { 'replica-green': gone, ...before } = synthesise(checked({ replicas: all })).resource.aws_db_instance ?? {};

    expect(gone).toBeDefined();
    expect(synthesise(checked({ replicas: rest })).resource.aws_db_instance).toEqual(before);
  });

  test('monitoring that is off makes no role', () => {
    const stack = synthesise(checked({ stage: 'development' }, { monitoringIntervalSeconds: 0 }));

    expect(stack.resource).not.toHaveProperty('aws_iam_role.monitoring');
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

describe('a promoted replica', () => {
  const zone = 'eu-central-1a';
  const replica = synthesise(checked({ replicas: { blue: { zone }, green: { zone: 'eu-central-1b' } } }));
  const environment = checked({ replicas: { blue: { zone } }, promoted: { green: { irreversible: true } } });
  const promoted = synthesise(environment);
  const green = promoted.one('aws_db_instance', 'replica-green');

  test('is the resource that it was as a replica, of the same identifier, without its source', () => {
    const was = replica.one('aws_db_instance', 'replica-green');
    const own = [
      'availability_zone',
      'backup_retention_period',
      'backup_window',
      'db_subnet_group_name',
      'delete_automated_backups',
      'deletion_protection',
      'final_snapshot_identifier',
      'lifecycle',
      'multi_az',
      'replicate_source_db',
      'skip_final_snapshot',
      'tags',
    ];
    const rest = (one: Attributes) => Object.fromEntries(Object.entries(one).filter(([key]) => !own.includes(key)));

    expect(was.replicate_source_db).toBeDefined();
    expect(green).not.toHaveProperty('replicate_source_db');
    expect(rest(green)).toEqual(rest(was));
  });

  test('is protected and backed up as the primary is, since it holds what no one else has', () => {
    const primary = promoted.one('aws_db_instance', 'primary');
    const alike = [
      'backup_retention_period',
      'backup_window',
      'db_subnet_group_name',
      'delete_automated_backups',
      'deletion_protection',
      'lifecycle',
      'multi_az',
      'skip_final_snapshot',
    ];

    for (const attribute of alike) expect([attribute, green[attribute]]).toEqual([attribute, primary[attribute]]);
    expect(green).toMatchObject({
      backup_retention_period: 30,
      deletion_protection: true,
      multi_az: true,
      final_snapshot_identifier: `orders-test-green-final-${tf('substr(terraform_data.life-green.id, 0, 8)')}`,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('says nothing that a new instance needs, so that a name that no replica had makes none', () => {
    const needed = ['allocated_storage', 'engine', 'password', 'password_wo', 'username'];

    expect(Object.keys(green).filter((key) => needed.includes(key))).toEqual([]);
  });

  test('says nothing by which it could be replaced but its identifier', () => {
    const replacing = ['availability_zone', 'db_name', 'engine', 'kms_key_id', 'snapshot_identifier', 'username'];

    expect(Object.keys(green).filter((key) => replacing.includes(key))).toEqual([]);
    expect(green.identifier).toBe('orders-test-green');
  });

  test('is in no contract, no policy and no alarm, and apps of the fleet still reach it', () => {
    const without = synthesise(checked({ replicas: { blue: { zone } } }));
    const elsewhere = (stack: Synthesised) =>
      Object.fromEntries(
        Object.entries(stack.resource).filter(([type]) => !/^(aws_db_instance|terraform_data)$/.test(type)),
      );

    expect(elsewhere(promoted)).toEqual(elsewhere(without));
    expect(promoted.output).toEqual(without.output);
    expect(green.vpc_security_group_ids).toEqual([tf('aws_security_group.members.id')]);
  });

  test('of a development environment can be thrown away', () => {
    const stack = synthesise(checked({ stage: 'development', promoted: { green: { irreversible: true } } }));

    expect(stack.one('aws_db_instance', 'replica-green')).toMatchObject({
      skip_final_snapshot: true,
      deletion_protection: false,
      multi_az: false,
      lifecycle: { prevent_destroy: false },
    });
  });
});

test('a replica may be called like a part of the fleet', () => {
  const zone = 'eu-central-1a';
  const promoted = { monitoring: { irreversible: true }, 'master-password': { irreversible: true } } as const;
  const stack = synthesise(
    checked({ replicas: { subnets: { zone }, parameters: { zone: 'eu-central-1b' } }, promoted }),
  );

  expect(replicas(stack).map(([id]) => id)).toEqual([
    'replica-master-password',
    'replica-monitoring',
    'replica-parameters',
    'replica-subnets',
  ]);
});
