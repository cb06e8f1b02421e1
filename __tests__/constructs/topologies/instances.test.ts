import { checked } from '../support/environments';
import { type Synthesised, synthesise, tf } from '../support/synth';

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
    const all = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1a' }, red: { zone: 'eu-central-1b' } };
    const { green: _, ...rest } = all;
    const { 'replica-green': gone, ...before } = synthesise(checked({ replicas: all })).resource.aws_db_instance ?? {};

    expect(gone).toBeDefined();
    expect(synthesise(checked({ replicas: rest })).resource.aws_db_instance).toEqual(before);
  });

  test('monitoring that is off makes no role', () => {
    const stack = synthesise(checked({ stage: 'development' }, { monitoringIntervalSeconds: 0 }));

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
