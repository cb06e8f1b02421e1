import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterParameterGroup } from '../cluster-parameter-group';
import { clusterSettings } from '../cluster-settings';
import {
  CLUSTER_INSTANCES,
  type MultiAzClusterDatabaseSettings,
  memberIdentifier,
  PRIMARY,
  prefix,
} from '../environment';
import { finalSnapshot } from '../final-snapshot';
import { type FleetMembers, POSTGRES_PORT } from '../members';
import { monitoringRole } from '../monitoring-role';
import { pin } from '../pin';
import { SubnetGroup } from '../subnet-group';

/** What a Multi-AZ DB cluster is made of. Its members are not named: AWS makes all three, one in each zone. */
export interface MultiAzClusterProps {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** With every default filled in: see `withMultiAzClusterDefaults`. */
  readonly database: MultiAzClusterDatabaseSettings;
  /** Private subnets in three zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/**
 * A Multi-AZ DB cluster: a writer and two readable standbys in three zones, which change places on failover.
 *
 * The writer of the fleet is the cluster's endpoint, which follows the writer. Its readers are all three instances, for any of
 * them may be a standby tomorrow: whoever reads sees which of them is out of recovery, and leaves that one alone
 * (docs/decisions/0016-cluster-members.md).
 */
export class MultiAzCluster extends Construct {
  readonly members: FleetMembers;

  constructor(scope: Construct, id: string, props: MultiAzClusterProps) {
    super(scope, id);
    const { database, environment, fleet, keyArn, region } = props;
    const { storage } = database;
    const identifier = prefix(fleet, environment);

    const subnetGroup = new SubnetGroup(this, 'subnets', { name: identifier, subnetIds: props.subnetIds });
    const parameterGroup = new ClusterParameterGroup(this, 'parameters', {
      name: identifier,
      flavour: 'cluster',
      engineMajor: database.engineMajor,
      parameters: database.parameters,
    });
    const monitoring = monitoringRole(this, {
      fleet,
      environment,
      region,
      intervalSeconds: database.monitoringIntervalSeconds,
    });

    const { lifecycle, ...settings } = clusterSettings({
      identifier,
      database,
      subnetGroupName: subnetGroup.name,
      securityGroupIds: props.securityGroupIds,
      parameterGroupName: parameterGroup.name,
      keyArn,
    });
    const cluster = pin(
      new RdsCluster(this, 'cluster', {
        ...settings,
        engine: 'postgres',
        // To say a class of the cluster makes it a Multi-AZ cluster, whose members AWS makes.
        dbClusterInstanceClass: database.instanceClass,
        storageType: storage.type,
        allocatedStorage: storage.sizeGiB,
        ...(storage.iops === undefined ? {} : { iops: storage.iops }),
        // gp3 brings IOPS that AWS tells back and, under 400 GiB, does not let one say: each plan would take them away.
        lifecycle: { ...lifecycle, ...(storage.iops === undefined ? { ignoreChanges: ['iops'] } : {}) },
        caCertificateIdentifier: database.caCertificate,
        monitoringInterval: database.monitoringIntervalSeconds,
        ...(monitoring ? { monitoringRoleArn: monitoring.arn, dependsOn: [monitoring.attachment] } : {}),
        ...finalSnapshot(this, { wanted: database.finalSnapshot, identifier }),
        tags: { Name: identifier, Role: 'cluster' },
      }),
      'fleet',
    );

    const resourceId = cluster.clusterResourceId;
    this.members = {
      topology: 'multi-az-cluster',
      writer: { name: PRIMARY, host: cluster.endpoint, port: POSTGRES_PORT, resourceId },
      readers: CLUSTER_INSTANCES.map((name) => ({
        name,
        host: instanceHost(cluster.endpoint, identifier, memberIdentifier(fleet, environment, name)),
        port: POSTGRES_PORT,
        resourceId,
      })),
      instances: CLUSTER_INSTANCES.map((name) => ({
        name,
        identifier: memberIdentifier(fleet, environment, name),
        canWrite: true,
      })),
      connectResourceIds: [resourceId],
      masterSecretArn: cluster.masterUserSecret.get(0).secretArn,
      ready: [cluster],
      proxyTarget: { kind: 'cluster', identifier: cluster.clusterIdentifier },
      readerEndpoint: cluster.readerEndpoint,
      storageGiB: storage.sizeGiB,
    };
  }
}

/**
 * An instance's host name (token): `orders-instance-1.<hash>.<region>.…`, where the cluster's endpoint is
 * `orders.cluster-<hash>.<region>.…`. Where an endpoint has another form it stays what it is: a reader that turns out to be the
 * writer, and gets no reads.
 */
function instanceHost(endpoint: string, cluster: string, instance: string): string {
  return Fn.replace(endpoint, `${cluster}.cluster-`, `${instance}.`);
}
