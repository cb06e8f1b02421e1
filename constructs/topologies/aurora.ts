import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { Construct } from 'constructs';
import { AuroraInstance } from '../aurora-instance';
import { ClusterParameterGroup } from '../cluster-parameter-group';
import { clusterSettings } from '../cluster-settings';
import {
  type AuroraDatabaseSettings,
  type AuroraReaderSettings,
  memberIdentifier,
  PRIMARY,
  PRIMARY_INSTANCE,
  prefix,
  type ReaderAutoscalingSettings,
} from '../environment';
import { finalSnapshot } from '../final-snapshot';
import { type FleetMember, type FleetMembers, POSTGRES_PORT } from '../members';
import { monitoringRole } from '../monitoring-role';
import { pin } from '../pin';
import { ReaderAutoscaling } from '../reader-autoscaling';
import { SubnetGroup } from '../subnet-group';

/** The lowest takes over first. The starting writer is in its place again when it comes back. */
const WRITER_TIER = 0;

/** What an Aurora cluster is made of, and the subnets, groups and key that it is put among. */
export interface AuroraProps {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** With every default filled in: see `withAuroraDefaults`. */
  readonly database: AuroraDatabaseSettings;
  readonly writerZone: string;
  /** By name. */
  readonly readers: Readonly<Record<string, AuroraReaderSettings>>;
  readonly autoscaling: ReaderAutoscalingSettings | undefined;
  /** Private subnets, in every zone that a member names. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/**
 * An Aurora cluster: a writer and readers over one storage.
 *
 * The writer of the fleet is the cluster's endpoint, which follows the writer. Its readers are the named ones and the instance
 * that begins as the writer, for after a failover that one reads and another writes
 * (docs/decisions/0016-cluster-members.md). Readers that autoscaling adds are behind the cluster's reader endpoint alone.
 */
export class Aurora extends Construct {
  readonly members: FleetMembers;

  constructor(scope: Construct, id: string, props: AuroraProps) {
    super(scope, id);
    const { database, environment, fleet, keyArn, region } = props;
    const identifier = prefix(fleet, environment);

    const subnetGroup = new SubnetGroup(this, 'subnets', { name: identifier, subnetIds: props.subnetIds });
    const parameterGroup = new ClusterParameterGroup(this, 'parameters', {
      name: identifier,
      flavour: 'aurora',
      engineMajor: database.engineMajor,
      parameters: database.parameters,
    });
    const monitoring = monitoringRole(this, {
      fleet,
      environment,
      region,
      intervalSeconds: database.monitoringIntervalSeconds,
    });

    const cluster = pin(
      new RdsCluster(this, 'cluster', {
        ...clusterSettings({
          identifier,
          database,
          subnetGroupName: subnetGroup.name,
          securityGroupIds: props.securityGroupIds,
          parameterGroupName: parameterGroup.name,
          keyArn,
        }),
        engine: 'aurora-postgresql',
        // AWS does not tell the standard type back: said, it would be a change in each plan.
        ...(database.storageType === 'aurora' ? {} : { storageType: database.storageType }),
        ...finalSnapshot(this, { wanted: database.finalSnapshot, identifier }),
        tags: { Name: identifier, Role: 'cluster' },
      }),
      'fleet',
    );

    const resourceId = cluster.clusterResourceId;
    const shared = {
      ...database,
      cluster,
      subnetGroupName: subnetGroup.name,
      ...(monitoring ? { monitoringRoleArn: monitoring.arn, after: [monitoring.attachment] } : {}),
    };
    const writer = new AuroraInstance(this, PRIMARY, {
      ...shared,
      logicalId: PRIMARY,
      identifier: memberIdentifier(fleet, environment, PRIMARY),
      zone: props.writerZone,
      promotionTier: WRITER_TIER,
    });
    const readers = Object.entries(props.readers).map(([name, { zone, weight, promotionTier }]) => {
      const reader = new AuroraInstance(this, `reader-${name}`, {
        ...shared,
        logicalId: `reader-${name}`,
        identifier: memberIdentifier(fleet, environment, name),
        zone,
        promotionTier,
        // The first instance of a cluster becomes its writer.
        after: [...(shared.after ?? []), writer.instance],
      });
      const member: FleetMember = { name, host: reader.host, port: POSTGRES_PORT, resourceId, zone, weight };
      return { reader, member };
    });
    const instances = [writer.instance, ...readers.map(({ reader }) => reader.instance)];
    if (props.autoscaling) {
      new ReaderAutoscaling(this, 'autoscaling', {
        name: identifier,
        clusterIdentifier: cluster.clusterIdentifier,
        settings: props.autoscaling,
        after: instances,
      });
    }

    this.members = {
      topology: 'aurora',
      writer: { name: PRIMARY, host: cluster.endpoint, port: POSTGRES_PORT, resourceId },
      readers: [
        ...readers.map(({ member }) => member),
        { name: PRIMARY_INSTANCE, host: writer.host, port: POSTGRES_PORT, resourceId, zone: props.writerZone },
      ],
      instances: [
        { name: PRIMARY_INSTANCE, identifier: memberIdentifier(fleet, environment, PRIMARY), canWrite: true },
        ...Object.keys(props.readers).map((name) => ({
          name,
          identifier: memberIdentifier(fleet, environment, name),
          canWrite: true,
        })),
      ],
      connectResourceIds: [resourceId],
      masterSecretArn: cluster.masterUserSecret.get(0).secretArn,
      // A cluster without an instance answers nobody.
      ready: [cluster, writer.instance],
      proxyTarget: { kind: 'cluster', identifier: cluster.clusterIdentifier },
      readerEndpoint: cluster.readerEndpoint,
    };
  }
}
