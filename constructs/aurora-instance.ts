import type { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AuroraDatabaseSettings } from './environment';
import { pin } from './pin';

/** The settings that all servers of an Aurora cluster share, and what one of them has alone: name, zone and tier. */
export interface AuroraInstanceProps extends AuroraDatabaseSettings {
  readonly cluster: RdsCluster;
  /** `primary`, or e.g. `reader-blue`, so that no other reader ever moves it. */
  readonly logicalId: string;
  /** Identifier in RDS, at most 63 characters. */
  readonly identifier: string;
  readonly zone: string;
  /** 0 to 15: the lowest takes over first when the writer fails. */
  readonly promotionTier: number;
  readonly subnetGroupName: string;
  /**
   * Role of enhanced monitoring; needed when its interval is not 0.
   * @default - none
   */
  readonly monitoringRoleArn?: string;
  /**
   * What must be there first.
   * @default - none
   */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * One server of an Aurora cluster. Whether it writes or reads is decided by the cluster, not here, so all are alike but for
 * name, zone and tier.
 *
 * It holds nothing: the storage is the cluster's, which is what is protected. To take a reader away is one deployment.
 */
export class AuroraInstance extends Construct {
  readonly instance: RdsClusterInstance;
  /** The instance's own host name (token), whatever it does. */
  readonly host: string;

  constructor(scope: Construct, id: string, props: AuroraInstanceProps) {
    super(scope, id);
    const { cluster, monitoringRoleArn } = props;
    this.instance = pin(
      new RdsClusterInstance(this, 'instance', {
        identifier: props.identifier,
        clusterIdentifier: cluster.id,
        // Its version is the cluster's, and changes with it.
        engine: cluster.engine,
        instanceClass: props.instanceClass,
        availabilityZone: props.zone,
        promotionTier: props.promotionTier,
        dbSubnetGroupName: props.subnetGroupName,
        publiclyAccessible: false,
        preferredMaintenanceWindow: props.maintenanceWindow,
        autoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
        applyImmediately: props.applyImmediately,
        caCertIdentifier: props.caCertificate,
        monitoringInterval: props.monitoringIntervalSeconds,
        ...(monitoringRoleArn === undefined ? {} : { monitoringRoleArn }),
        tags: { Name: props.identifier, Role: 'member' },
        dependsOn: [...(props.after ?? [])],
      }),
      props.logicalId,
    );
    this.host = this.instance.endpoint;
  }
}
