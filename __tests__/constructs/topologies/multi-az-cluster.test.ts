import { ReadFleetStack } from '../../../constructs';
import { parseContract } from '../../../lib/contract';
import { testApp } from '../support/app';
import { checkedCluster } from '../support/environments';
import { type Synthesised, synthesise, tf } from '../support/synth';

const production = synthesise(checkedCluster());
const cluster = production.one('aws_rds_cluster', 'fleet');

function members() {
  return new ReadFleetStack(testApp(), 'test', { environment: checkedCluster() }).members;
}

/** The contract as it stands in SSM, with what Terraform will put for `expression` put there. */
function contractOf(stack: Synthesised, values: Readonly<Record<string, string>> = {}) {
  const text = String(stack.one('aws_ssm_parameter', 'contract').insecure_value);
  const known = Object.entries(values).reduce((all, [name, value]) => all.replaceAll(tf(name), value), text);
  // Any other expression counts as some text: the contract is JSON once Terraform has filled it in.
  return parseContract(known.replaceAll(/\$\{(?:[^"}]|"[^"]*")*\}/g, 'known-later'));
}

describe('a Multi-AZ cluster', () => {
  test('is encrypted, backed up, watched and protected', () => {
    expect(cluster).toMatchObject({
      cluster_identifier: 'orders-test',
      engine: 'postgres',
      engine_version: '17',
      db_cluster_instance_class: 'db.r6gd.large',
      database_name: 'orders',
      port: 5432,
      storage_encrypted: true,
      kms_key_id: tf('aws_kms_key.fleet.arn'),
      iam_database_authentication_enabled: true,
      db_subnet_group_name: tf('aws_db_subnet_group.fleet.name'),
      vpc_security_group_ids: [tf('aws_security_group.members.id')],
      db_cluster_parameter_group_name: tf('aws_rds_cluster_parameter_group.fleet.name'),
      backup_retention_period: 30,
      preferred_backup_window: '02:00-03:00',
      preferred_maintenance_window: 'Mon:04:00-Mon:05:00',
      delete_automated_backups: false,
      copy_tags_to_snapshot: true,
      apply_immediately: false,
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: `orders-test-final-${tf('substr(terraform_data.life.id, 0, 8)')}`,
      enabled_cloudwatch_logs_exports: ['postgresql', 'upgrade'],
      ca_certificate_identifier: 'rds-ca-rsa2048-g1',
      lifecycle: { prevent_destroy: true },
    });
  });

  test('has a master password that AWS makes, rotates and encrypts with the key of the fleet', () => {
    expect(cluster).toMatchObject({
      master_username: 'fleet_admin',
      manage_master_user_password: true,
      master_user_secret_kms_key_id: tf('aws_kms_key.fleet.arn'),
    });
    expect(Object.keys(cluster).filter((key) => /^master_password/.test(key))).toEqual([]);
    expect(production.ephemeral?.aws_secretsmanager_random_password?.['master-password']).toBeUndefined();
    expect(production.output.master_secret_arn?.value).toBe(
      tf('aws_rds_cluster.fleet.master_user_secret[0].secret_arn'),
    );
  });

  test('is watched as a whole, since its members are no resources of their own', () => {
    const insights = { mode: 'advanced', retentionDays: 465 } as const;
    const watched = synthesise(checkedCluster({}, { insights, monitoringIntervalSeconds: 15 }));

    expect(watched.one('aws_rds_cluster', 'fleet')).toMatchObject({
      database_insights_mode: 'advanced',
      performance_insights_enabled: true,
      performance_insights_kms_key_id: tf('aws_kms_key.fleet.arn'),
      performance_insights_retention_period: 465,
      monitoring_interval: 15,
      monitoring_role_arn: tf('aws_iam_role.monitoring.arn'),
      // RDS tries the role when it makes the members.
      depends_on: ['aws_iam_role_policy_attachment.monitoring'],
    });
  });

  test('says no zones, which each plan would find changed, and no minor upgrades, which the provider does not know', () => {
    expect(cluster).not.toHaveProperty('availability_zones');
    expect(cluster).not.toHaveProperty('auto_minor_version_upgrade');
  });

  test('takes gp3 without IOPS, and io1 with those that are said', () => {
    const io1 = synthesise(checkedCluster({}, { storage: { type: 'io1', sizeGiB: 400, iops: 4000 } }));

    expect(cluster).toMatchObject({ storage_type: 'gp3', allocated_storage: 100 });
    expect(cluster).not.toHaveProperty('iops');
    expect(io1.one('aws_rds_cluster', 'fleet')).toMatchObject({
      storage_type: 'io1',
      allocated_storage: 400,
      iops: 4000,
    });
  });

  test('leaves the IOPS that gp3 brings as AWS tells them, and holds those that are said', () => {
    const said = synthesise(checkedCluster({}, { storage: { type: 'gp3', sizeGiB: 400, iops: 12_000 } }));

    expect(cluster.lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ['iops'] });
    expect(said.one('aws_rds_cluster', 'fleet')).toMatchObject({ iops: 12_000 });
    expect(said.one('aws_rds_cluster', 'fleet').lifecycle).toEqual({ prevent_destroy: true });
  });

  test('has settings of the family of instances', () => {
    expect(production.one('aws_rds_cluster_parameter_group', 'fleet')).toMatchObject({
      name: 'orders-test-postgres17',
      family: 'postgres17',
    });
    expect(production.resource).not.toHaveProperty('aws_db_parameter_group');
  });

  test('of a development environment can be thrown away', () => {
    const stack = synthesise(checkedCluster({ stage: 'development' }));
    const thrown = stack.one('aws_rds_cluster', 'fleet');

    expect(thrown).toMatchObject({
      skip_final_snapshot: true,
      deletion_protection: false,
      delete_automated_backups: true,
      apply_immediately: true,
      monitoring_interval: 0,
    });
    expect(thrown).not.toHaveProperty('monitoring_role_arn');
    expect(thrown).not.toHaveProperty('final_snapshot_identifier');
    expect(stack.text).not.toContain('"prevent_destroy": true');
  });
});

describe('its members', () => {
  test('are a writer that follows failovers, and all three instances as readers', () => {
    const contract = contractOf(production, {
      'aws_rds_cluster.fleet.endpoint': 'writer.example',
      'aws_rds_cluster.fleet.reader_endpoint': 'reader.example',
      'aws_rds_cluster.fleet.cluster_resource_id': 'cluster-ABC',
    });

    expect(contract).toMatchObject({
      topology: 'multi-az-cluster',
      writer: { name: 'primary', host: 'writer.example', port: 5432, resourceId: 'cluster-ABC' },
      readName: { host: 'reader.example', port: 5432 },
    });
    expect(contract.readers.map(({ name, resourceId }) => [name, resourceId])).toEqual([
      ['instance-1', 'cluster-ABC'],
      ['instance-2', 'cluster-ABC'],
      ['instance-3', 'cluster-ABC'],
    ]);
  });

  test('have the host names that AWS makes of the endpoint', () => {
    const host = (n: number) =>
      tf(`replace(aws_rds_cluster.fleet.endpoint, "orders-test.cluster-", "orders-test-instance-${n}.")`);

    expect(production.output.reader_hosts?.value).toEqual({
      'instance-1': host(1),
      'instance-2': host(2),
      'instance-3': host(3),
    });
  });

  test('are known to CloudWatch by the identifiers that AWS gives, and any may come to write', () => {
    expect(members().instances).toEqual(
      [1, 2, 3].map((n) => ({ name: `instance-${n}`, identifier: `orders-test-instance-${n}`, canWrite: true })),
    );
  });

  test('are all reached with one resource id, and as large as the storage that is said', () => {
    const { connectResourceIds, proxyTarget, ready, storageGiB, writer } = members();

    expect(connectResourceIds).toEqual([writer.resourceId]);
    expect(proxyTarget.kind).toBe('cluster');
    expect(ready).toHaveLength(1);
    expect(storageGiB).toBe(100);
  });
});
