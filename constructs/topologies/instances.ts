import { Construct } from 'constructs';
import {
  type DatabaseSettings,
  memberIdentifier,
  PRIMARY,
  type PromotedReplicaInput,
  prefix,
  type ReplicaSettings,
} from '../environment';
import { MasterPassword } from '../master-password';
import type { FleetMembers } from '../members';
import { monitoringRole } from '../monitoring-role';
import { ParameterGroup } from '../parameter-group';
import { Primary } from '../primary';
import { PromotedReplica } from '../promoted-replica';
import { Replica, replicaId } from '../replica';
import { SubnetGroup } from '../subnet-group';

/** What a fleet of instances is made of, and the subnets, groups and key that it is put among. */
export interface InstancesProps {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** With every default filled in: see `withDatabaseDefaults`. */
  readonly database: DatabaseSettings;
  /** By name. */
  readonly replicas: Readonly<Record<string, ReplicaSettings>>;
  /**
   * Replicas that stand alone from now on, by the name they had.
   * @default - none
   */
  readonly promoted?: Readonly<Record<string, PromotedReplicaInput>>;
  /** Private subnets, in every zone that a replica names. */
  readonly subnetIds: readonly string[];
  /** Groups that every member has. */
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/** A primary instance and read replicas of it, in one region, with all that they share. */
export class Instances extends Construct {
  readonly members: FleetMembers;
  readonly primary: Primary;

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    const { database, environment, fleet, keyArn, region } = props;
    const name = prefix(fleet, environment);

    const subnetGroup = new SubnetGroup(this, 'subnets', { name, subnetIds: props.subnetIds });
    const parameterGroup = new ParameterGroup(this, 'parameters', {
      name,
      engineMajor: database.engineMajor,
      parameters: database.parameters,
    });
    const monitoring = monitoringRole(this, {
      fleet,
      environment,
      region,
      intervalSeconds: database.monitoringIntervalSeconds,
    });
    const masterPassword = new MasterPassword(this, 'master-password', {
      name,
      version: database.masterPasswordVersion,
      keyArn,
      recoveryWindowDays: database.finalSnapshot ? 30 : 0,
      preventDestroy: database.preventDestroy,
    });

    const shared = {
      ...database,
      keyArn,
      securityGroupIds: props.securityGroupIds,
      parameterGroupName: parameterGroup.name,
      ...(monitoring ? { monitoringRoleArn: monitoring.arn, after: [monitoring.attachment] } : {}),
    };
    const primary = new Primary(this, PRIMARY, {
      ...shared,
      identifier: memberIdentifier(fleet, environment, PRIMARY),
      subnetGroupName: subnetGroup.name,
      masterPassword,
    });
    this.primary = primary;
    const secretVersion = masterPassword.writeAfter(primary, database.masterUser, database.name);

    const replicas = Object.entries(props.replicas).map(
      ([replicaName, replica]) =>
        // Not the bare name: a replica may be called like one of the parts above.
        new Replica(this, replicaId(replicaName), {
          ...shared,
          ...replica,
          replicaName,
          identifier: memberIdentifier(fleet, environment, replicaName),
          primary,
        }),
    );
    for (const replicaName of Object.keys(props.promoted ?? {})) {
      const identifier = memberIdentifier(fleet, environment, replicaName);
      new PromotedReplica(this, replicaId(replicaName), {
        ...shared,
        replicaName,
        identifier,
        subnetGroupName: subnetGroup.name,
      });
    }
    this.members = {
      topology: 'instances',
      writer: primary.member,
      readers: replicas.map((replica) => replica.member),
      instances: [
        { name: PRIMARY, identifier: memberIdentifier(fleet, environment, PRIMARY), canWrite: true },
        ...Object.keys(props.replicas).map((name) => ({
          name,
          identifier: memberIdentifier(fleet, environment, name),
          canWrite: false,
        })),
      ],
      connectResourceIds: [primary.member.resourceId, ...replicas.map((replica) => replica.member.resourceId)],
      masterSecretArn: masterPassword.secretArn,
      ready: [primary.instance, secretVersion],
      proxyTarget: { kind: 'instance', identifier: primary.identifier },
      storageGiB: database.storage.sizeGiB,
      parameterGroupName: parameterGroup.name,
    };
  }
}
