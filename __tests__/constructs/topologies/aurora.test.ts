import { ReadFleetStack } from '../../../constructs';
import { testApp } from '../support/app';
import { checkedAurora } from '../support/environments';
import { type Attributes, synthesise, tf } from '../support/synth';

const production = synthesise(checkedAurora());
const cluster = production.one('aws_rds_cluster', 'fleet');
const [a, b, c] = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

function members(...changes: Parameters<typeof checkedAurora>) {
  const environment = checkedAurora(...changes);
  return new ReadFleetStack(testApp(), 'test', { environment }).members;
}

describe('an Aurora cluster', () => {
  test('is encrypted, backed up and protected', () => {
    expect(cluster).toMatchObject({
      cluster_identifier: 'orders-test',
      engine: 'aurora-postgresql',
      engine_version: '17',
      database_name: 'orders',
      port: 5432,
      storage_encrypted: true,
      kms_key_id: tf('aws_kms_key.fleet.arn'),
      iam_database_authentication_enabled: true,
      manage_master_user_password: true,
      master_user_secret_kms_key_id: tf('aws_kms_key.fleet.arn'),
      db_cluster_parameter_group_name: tf('aws_rds_cluster_parameter_group.fleet.name'),
      backup_retention_period: 30,
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: `orders-test-final-${tf('substr(terraform_data.life.id, 0, 8)')}`,
      enabled_cloudwatch_logs_exports: ['postgresql'],
      database_insights_mode: 'standard',
      performance_insights_enabled: true,
      performance_insights_retention_period: 7,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('says no class, size or zone of its own, which would make it something else or new in each plan', () => {
    const said = ['allocated_storage', 'availability_zones', 'db_cluster_instance_class', 'iops'];

    expect(Object.keys(cluster).filter((key) => said.includes(key))).toEqual([]);
  });

  test('says its storage type only where AWS tells it back', () => {
    const optimised = synthesise(checkedAurora({}, { storageType: 'aurora-iopt1' }));

    expect(cluster).not.toHaveProperty('storage_type');
    expect(optimised.one('aws_rds_cluster', 'fleet').storage_type).toBe('aurora-iopt1');
  });

  test('has settings of its own family, and only such as Aurora knows', () => {
    const group = production.one('aws_rds_cluster_parameter_group', 'fleet') as { parameter: { name: string }[] };

    expect(group).toMatchObject({ name: 'orders-test-aurora-postgresql17', family: 'aurora-postgresql17' });
    expect(group.parameter.map(({ name }) => name)).toEqual([
      'max_standby_streaming_delay',
      'rds.force_ssl',
      'shared_preload_libraries',
    ]);
  });

  test('of a development environment can be thrown away', () => {
    const stack = synthesise(checkedAurora({ stage: 'development' }));

    expect(stack.one('aws_rds_cluster', 'fleet')).toMatchObject({
      skip_final_snapshot: true,
      deletion_protection: false,
      delete_automated_backups: true,
    });
    expect(stack.resource).not.toHaveProperty('aws_iam_role.monitoring');
    expect(stack.text).not.toContain('"prevent_destroy": true');
  });
});

describe('its instances', () => {
  const instances = () => production.resource.aws_rds_cluster_instance ?? {};

  test('are alike but for name, zone and tier', () => {
    const own = ['availability_zone', 'depends_on', 'identifier', 'promotion_tier', 'tags'];
    const shared = (instance: Attributes) =>
      Object.fromEntries(Object.entries(instance).filter(([key]) => !own.includes(key)));
    const { primary, 'reader-blue': blue } = instances() as Record<string, Attributes>;

    expect(shared(blue as Attributes)).toEqual(shared(primary as Attributes));
    expect(primary).toMatchObject({
      cluster_identifier: tf('aws_rds_cluster.fleet.id'),
      engine: tf('aws_rds_cluster.fleet.engine'),
      instance_class: 'db.r6g.large',
      db_subnet_group_name: tf('aws_db_subnet_group.fleet.name'),
      apply_immediately: false,
      publicly_accessible: false,
      auto_minor_version_upgrade: true,
      ca_cert_identifier: 'rds-ca-rsa2048-g1',
      preferred_maintenance_window: 'Mon:04:00-Mon:05:00',
      monitoring_interval: 60,
      monitoring_role_arn: tf('aws_iam_role.monitoring.arn'),
    });
  });

  test('stand in their zones, and take over in their order', () => {
    const readers = { blue: { zone: b, promotionTier: 0 }, green: { zone: c } } as const;
    const stack = synthesise(checkedAurora({ readers }));

    expect(
      Object.entries(stack.resource.aws_rds_cluster_instance ?? {}).map(([id, one]) => [
        id,
        one.identifier,
        one.availability_zone,
        one.promotion_tier,
      ]),
    ).toEqual([
      ['primary', 'orders-test-primary', a, 0],
      ['reader-blue', 'orders-test-blue', b, 0],
      ['reader-green', 'orders-test-green', c, 1],
    ]);
  });

  test('begin with the writer: the first instance of a cluster becomes it', () => {
    expect(instances()['reader-blue']?.depends_on).toContain('aws_rds_cluster_instance.primary');
    expect(instances().primary?.depends_on).toEqual(['aws_iam_role_policy_attachment.monitoring']);
  });

  test('are not protected: they hold nothing', () => {
    for (const instance of Object.values(instances())) expect(instance).not.toHaveProperty('lifecycle');
  });

  test('to add or take away a reader changes no other resource but what lists the readers', () => {
    const { green: _, ...rest } = { blue: { zone: b }, green: { zone: c }, red: { zone: a } };
    const all = synthesise(checkedAurora({ readers: { ...rest, green: { zone: c } } })).resource;
    const { 'reader-green': gone, ...before } = all.aws_rds_cluster_instance ?? {};
    const after = synthesise(checkedAurora({ readers: rest })).resource;

    expect(gone).toBeDefined();
    expect(after.aws_rds_cluster_instance).toEqual(before);
    for (const type of ['aws_rds_cluster', 'aws_rds_cluster_parameter_group', 'aws_iam_policy', 'aws_security_group']) {
      expect(after[type]).toEqual(all[type]);
    }
  });
});

describe('its members', () => {
  test('are a writer that follows failovers, and as readers the named ones and the instance that began as the writer', () => {
    const { readers, writer } = members({ readers: { blue: { zone: b, weight: 2 } } });

    expect(writer.name).toBe('primary');
    expect(readers.map(({ name, zone, weight }) => ({ name, zone, weight }))).toEqual([
      { name: 'blue', zone: b, weight: 2 },
      { name: 'primary-instance', zone: a, weight: undefined },
    ]);
    expect(production.output.reader_hosts?.value).toEqual({
      blue: tf('aws_rds_cluster_instance.reader-blue.endpoint'),
      'primary-instance': tf('aws_rds_cluster_instance.primary.endpoint'),
    });
    expect(production.output.master_secret_arn?.value).toBe(
      tf('aws_rds_cluster.fleet.master_user_secret[0].secret_arn'),
    );
    expect(production.output.writer_host?.value).toBe(tf('aws_rds_cluster.fleet.endpoint'));
  });

  test('may all come to write, and are reached with one resource id', () => {
    const { connectResourceIds, instances, readers, readerEndpoint, storageGiB, writer } = members();

    expect(instances).toEqual([
      { name: 'primary-instance', identifier: 'orders-test-primary', canWrite: true },
      { name: 'blue', identifier: 'orders-test-blue', canWrite: true },
    ]);
    expect(connectResourceIds).toEqual([writer.resourceId]);
    expect(readers.map(({ resourceId }) => resourceId)).toEqual([writer.resourceId, writer.resourceId]);
    expect(readerEndpoint).toBeDefined();
    // It grows by itself.
    expect(storageGiB).toBeUndefined();
  });

  test('are ready when the writer is: a cluster without an instance answers nobody', () => {
    expect(members().ready).toHaveLength(2);
  });
});

describe('autoscaling', () => {
  const autoscaling = { minReaders: 1, maxReaders: 6, target: { kind: 'cpu-percent', value: 60 } } as const;
  const scaled = synthesise(checkedAurora({ autoscaling }));

  test('that nobody asks for is not there', () => {
    expect(production.resource).not.toHaveProperty('aws_appautoscaling_target');
    expect(production.resource).not.toHaveProperty('aws_appautoscaling_policy');
  });

  test('keeps the number of readers within its limits, once all of the instances are there', () => {
    expect(scaled.one('aws_appautoscaling_target', 'readers')).toMatchObject({
      service_namespace: 'rds',
      scalable_dimension: 'rds:cluster:ReadReplicaCount',
      resource_id: `cluster:${tf('aws_rds_cluster.fleet.cluster_identifier')}`,
      min_capacity: 1,
      max_capacity: 6,
      depends_on: ['aws_rds_cluster_instance.primary', 'aws_rds_cluster_instance.reader-blue'],
    });
    // AWS has a role for it.
    expect(scaled.one('aws_appautoscaling_target', 'readers')).not.toHaveProperty('role_arn');
  });

  test.each([
    [{ kind: 'cpu-percent', value: 60 }, 'RDSReaderAverageCPUUtilization', 60],
    [{ kind: 'connections', value: 500 }, 'RDSReaderAverageDatabaseConnections', 500],
  ] as const)('with target %j tracks %s', (target, metric, value) => {
    const stack = synthesise(checkedAurora({ autoscaling: { ...autoscaling, target } }));

    const ofTarget = (attribute: string) => tf(`aws_appautoscaling_target.readers.${attribute}`);
    expect(stack.one('aws_appautoscaling_policy', 'readers')).toMatchObject({
      name: 'orders-test-readers',
      service_namespace: ofTarget('service_namespace'),
      scalable_dimension: ofTarget('scalable_dimension'),
      resource_id: ofTarget('resource_id'),
      policy_type: 'TargetTrackingScaling',
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { predefined_metric_type: metric },
        target_value: value,
        scale_out_cooldown: 300,
        scale_in_cooldown: 900,
      },
    });
  });

  test('leaves the cluster and its own instances as they are', () => {
    expect(scaled.resource.aws_rds_cluster).toEqual(production.resource.aws_rds_cluster);
    expect(scaled.resource.aws_rds_cluster_instance).toEqual(production.resource.aws_rds_cluster_instance);
  });
});
