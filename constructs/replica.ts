import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type FleetMember, POSTGRES_PORT } from './members';
import { pin } from './pin';
import type { Primary } from './primary';
import { type SharedSettingsProps, sharedSettings } from './shared-settings';

/** The settings that a replica shares with its primary, and what it has alone: name, zone and weight. */
export interface ReplicaProps extends SharedSettingsProps {
  /** E.g. `blue`: its logical id is `replica-blue`, so that no other replica ever moves it. */
  readonly replicaName: string;
  /** Identifier in RDS, at most 63 characters. */
  readonly identifier: string;
  readonly primary: Primary;
  /** One of the zones of the subnet group. */
  readonly zone: string;
  /** Share of reads relative to the other replicas. */
  readonly weight: number;
  /**
   * What must be there first, e.g. the monitoring role's policy.
   * @default - none
   */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * A read replica in the primary's region.
 *
 * What AWS refuses on one is not here: engine, database name, master user and password, allocated storage, key, subnet group.
 * Its engine version is left out too, since RDS upgrades replicas along with their source. It is neither protected nor
 * backed up: it holds nothing that the primary has not, and to take one away must be one deployment.
 */
export class Replica extends Construct {
  readonly member: FleetMember;

  constructor(scope: Construct, id: string, props: ReplicaProps) {
    super(scope, id);
    const instance = pin(
      new DbInstance(this, 'instance', {
        ...sharedSettings(props),
        identifier: props.identifier,
        replicateSourceDb: props.primary.identifier,
        availabilityZone: props.zone,
        multiAz: false,
        // A replica has no final snapshot: without this its removal fails.
        skipFinalSnapshot: true,
        deletionProtection: false,
        tags: { Name: props.identifier, Role: 'replica' },
        dependsOn: [...(props.after ?? [])],
      }),
      replicaId(props.replicaName),
    );
    this.member = {
      name: props.replicaName,
      host: instance.address,
      port: POSTGRES_PORT,
      resourceId: instance.resourceId,
      zone: props.zone,
      weight: props.weight,
    };
  }
}

/** Logical id of a replica, which it keeps when it is promoted. */
export function replicaId(name: string): string {
  return `replica-${name}`;
}
