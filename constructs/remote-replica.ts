import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { Construct } from 'constructs';
import type { ContractMember } from '../lib/contract';
import { POSTGRES_PORT } from './members';
import { pin } from './pin';
import type { Primary } from './primary';
import { replicaId } from './replica';
import { type SharedSettingsProps, sharedSettings } from './shared-settings';

/** The settings that a replica shares with its primary, and what its region has of its own: subnets and key. */
export interface RemoteReplicaProps extends SharedSettingsProps {
  /** E.g. `dublin`. */
  readonly replicaName: string;
  /** Identifier in RDS, at most 63 characters. */
  readonly identifier: string;
  readonly primary: Primary;
  /** One of the zones of the subnet group. */
  readonly zone: string;
  /** Of the replica's region: a replica there takes none from its source. */
  readonly subnetGroupName: string;
}

/**
 * A read replica in another region than its primary's.
 *
 * It differs from one in the same region in what regions do not share: it names its source by ARN, and has a subnet group and a
 * key of its own, since a key encrypts in one region only.
 *
 * No alarm watches it: the emitter does not reach its network, and AWS's own `ReplicaLag` is in its region.
 */
export class RemoteReplica extends Construct {
  /** Host and resource id are tokens. */
  readonly member: ContractMember & { readonly resourceId: string };

  constructor(scope: Construct, id: string, props: RemoteReplicaProps) {
    super(scope, id);
    const { identifier, replicaName, zone } = props;
    const instance = pin(
      new DbInstance(this, 'instance', {
        ...sharedSettings(props),
        identifier,
        replicateSourceDb: props.primary.arn,
        kmsKeyId: props.keyArn,
        dbSubnetGroupName: props.subnetGroupName,
        availabilityZone: zone,
        multiAz: false,
        // A replica has no final snapshot: without this its removal fails.
        skipFinalSnapshot: true,
        deletionProtection: false,
        tags: { Name: identifier, Role: 'replica' },
      }),
      replicaId(replicaName),
    );
    const { address: host, resourceId } = instance;
    this.member = { name: replicaName, host, port: POSTGRES_PORT, zone, resourceId };
  }
}
