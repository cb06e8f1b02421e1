import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ReaderAutoscalingSettings } from './environment';
import { pin } from './pin';

const METRICS = {
  'cpu-percent': 'RDSReaderAverageCPUUtilization',
  connections: 'RDSReaderAverageDatabaseConnections',
} as const satisfies Record<ReaderAutoscalingSettings['target']['kind'], string>;

/** The cluster whose readers come and go, and within which bounds. */
export interface ReaderAutoscalingProps {
  /** E.g. `search-production`. */
  readonly name: string;
  /** The cluster's identifier (token). */
  readonly clusterIdentifier: string;
  readonly settings: ReaderAutoscalingSettings;
  /** The cluster's own instances: AWS scales only while all of them are available. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Adds readers to an Aurora cluster while its readers are busy, and takes away those that it added.
 *
 * Terraform does not know the readers that AWS adds, and nothing in the stack counts the cluster's members: so no plan ever
 * removes one. They outlive this, though: before a cluster is destroyed, take autoscaling away and delete what it left
 * (docs/runbooks/remove-a-replica.md).
 *
 * There is no role: AWS uses its service-linked one, and makes it when it is missing.
 */
export class ReaderAutoscaling extends Construct {
  constructor(scope: Construct, id: string, props: ReaderAutoscalingProps) {
    super(scope, id);
    const { name, settings } = props;
    const target = pin(
      new AppautoscalingTarget(this, 'target', {
        serviceNamespace: 'rds',
        scalableDimension: 'rds:cluster:ReadReplicaCount',
        resourceId: `cluster:${props.clusterIdentifier}`,
        minCapacity: settings.minReaders,
        maxCapacity: settings.maxReaders,
        dependsOn: [...props.after],
      }),
      'readers',
    );
    pin(
      new AppautoscalingPolicy(this, 'policy', {
        name: `${name}-readers`,
        policyType: 'TargetTrackingScaling',
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: METRICS[settings.target.kind] },
          targetValue: settings.target.value,
          scaleOutCooldown: settings.scaleOutCooldownSeconds,
          scaleInCooldown: settings.scaleInCooldownSeconds,
        },
      }),
      'readers',
    );
  }
}
