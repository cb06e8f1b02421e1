import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { finalSnapshot } from './final-snapshot';
import { pin } from './pin';
import { replicaId } from './replica';
import { type SharedSettingsProps, sharedSettings } from './shared-settings';

/** The settings of the fleet's instances, and the names that this one keeps from when it was a replica. */
export interface PromotedReplicaProps extends SharedSettingsProps {
  /** The name that it had as a replica. */
  readonly replicaName: string;
  /** The identifier that it had as a replica. */
  readonly identifier: string;
  /** The subnet group that it had from its source all along. */
  readonly subnetGroupName: string;
  /**
   * What must be there first, e.g. the monitoring role's policy.
   * @default - none
   */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * A replica that follows nobody any more (docs/decisions/0017-promotion.md).
 *
 * It is the same resource as before, of the same logical id and identifier, without its source: the provider modifies it, then
 * calls PromoteReadReplica. From then on it is backed up and protected as the primary is, since it holds what no one else has.
 *
 * - Engine, master user and password, database and storage size are its own, and not said. So a name that no replica ever had
 *   makes nothing: without them the provider refuses to create an instance, before it calls AWS.
 * - Nor are key and zone: it keeps them, and to say another would be to replace it. Its zone may also change at any failover,
 *   once it has a standby.
 */
export class PromotedReplica extends Construct {
  constructor(scope: Construct, id: string, props: PromotedReplicaProps) {
    super(scope, id);
    const { identifier, replicaName } = props;
    pin(
      new DbInstance(this, 'instance', {
        ...sharedSettings(props),
        identifier,
        dbSubnetGroupName: props.subnetGroupName,
        multiAz: props.multiAz,
        backupRetentionPeriod: props.backupRetentionDays,
        backupWindow: props.backupWindow,
        deleteAutomatedBackups: !props.finalSnapshot,
        deletionProtection: props.deletionProtection,
        ...finalSnapshot(this, { wanted: props.finalSnapshot, identifier, life: `life-${replicaName}` }),
        tags: { Name: identifier, Role: 'promoted' },
        dependsOn: [...(props.after ?? [])],
        lifecycle: { preventDestroy: props.preventDestroy },
      }),
      replicaId(replicaName),
    );
  }
}
