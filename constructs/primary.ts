import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { PRIMARY } from './environment';
import { finalSnapshot } from './final-snapshot';
import type { MasterPassword } from './master-password';
import { type FleetMember, POSTGRES_PORT } from './members';
import { pin } from './pin';
import { type SharedSettingsProps, sharedSettings } from './shared-settings';

/** The settings that a primary shares with its replicas, and what it has alone: subnets and master password. */
export interface PrimaryProps extends SharedSettingsProps {
  /** Identifier in RDS, at most 63 characters. */
  readonly identifier: string;
  readonly subnetGroupName: string;
  readonly masterPassword: MasterPassword;
  /**
   * What must be there first, e.g. the monitoring role's policy.
   * @default - none
   */
  readonly after?: readonly ITerraformDependable[];
}

/** The instance that is written to: encrypted, backed up, and with a standby in another zone when `multiAz` says so. */
export class Primary extends Construct {
  readonly member: FleetMember;
  readonly instance: DbInstance;
  /** What replicas replicate. Its identifier, never its ARN: by ARN the provider drops its own checks. */
  readonly identifier: string;
  /** For replicas in other regions, which know no identifiers of this one (token). */
  readonly arn: string;
  /** Role of enhanced monitoring (token), which is of no region. */
  readonly monitoringRoleArn: string | undefined;
  /** Expression of its host name. */
  readonly hostReference: string;
  /** Expression of its resource id, which changes when it is made anew. */
  readonly resourceIdReference: string;

  constructor(scope: Construct, id: string, props: PrimaryProps) {
    super(scope, id);
    const instance = pin(
      new DbInstance(this, 'instance', {
        ...sharedSettings(props),
        identifier: props.identifier,
        engine: 'postgres',
        // The major alone: AWS picks the minor, and upgrades it in the maintenance window.
        engineVersion: String(props.engineMajor),
        ...(props.allowMajorVersionUpgrade ? { allowMajorVersionUpgrade: true } : {}),
        dbName: props.name,
        port: POSTGRES_PORT,
        username: props.masterUser,
        passwordWo: props.masterPassword.value,
        passwordWoVersion: props.masterPassword.version,
        allocatedStorage: props.storage.sizeGiB,
        kmsKeyId: props.keyArn,
        dbSubnetGroupName: props.subnetGroupName,
        multiAz: props.multiAz,
        backupRetentionPeriod: props.backupRetentionDays,
        backupWindow: props.backupWindow,
        deleteAutomatedBackups: !props.finalSnapshot,
        deletionProtection: props.deletionProtection,
        ...finalSnapshot(this, { wanted: props.finalSnapshot, identifier: props.identifier }),
        tags: { Name: props.identifier, Role: 'primary' },
        dependsOn: [...(props.after ?? [])],
        lifecycle: { preventDestroy: props.preventDestroy },
      }),
      PRIMARY,
    );
    const reference = `aws_db_instance.${instance.friendlyUniqueId}`;
    this.instance = instance;
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.monitoringRoleArn = props.monitoringRoleArn;
    this.hostReference = `\${${reference}.address}`;
    this.resourceIdReference = `\${${reference}.resource_id}`;
    this.member = {
      name: PRIMARY,
      host: instance.address,
      port: POSTGRES_PORT,
      resourceId: instance.resourceId,
    };
  }
}
