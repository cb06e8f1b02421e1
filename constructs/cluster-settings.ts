import type { RdsClusterConfig } from '@cdktf/provider-aws/lib/rds-cluster';
import type { AuroraDatabaseSettings, MultiAzClusterDatabaseSettings } from './environment';
import { POSTGRES_PORT } from './members';

/** The database of a cluster of either kind, and what must be there before it: groups and key. */
export interface ClusterSettingsProps {
  /** Identifier in RDS: of a Multi-AZ cluster at most 52 characters, since AWS names the members after it. */
  readonly identifier: string;
  /** With every default filled in. */
  readonly database: MultiAzClusterDatabaseSettings | AuroraDatabaseSettings;
  readonly subnetGroupName: string;
  /** Groups that every member has. */
  readonly securityGroupIds: readonly string[];
  /** Group of settings that every member has. */
  readonly parameterGroupName: string;
  /** ARN of the fleet's key. */
  readonly keyArn: string;
}

/**
 * What the clusters of either kind have in common.
 *
 * AWS makes the master password and rotates it: clusters may have that, unlike instances with replicas. Zones are not said of a
 * cluster: AWS adds some of its own, and each plan would then replace it.
 */
export function clusterSettings(props: ClusterSettingsProps): Omit<RdsClusterConfig, 'engine'> {
  const { database, identifier, keyArn } = props;
  return {
    clusterIdentifier: identifier,
    // The major alone: AWS picks the minor, and upgrades it in the maintenance window.
    engineVersion: String(database.engineMajor),
    ...(database.allowMajorVersionUpgrade ? { allowMajorVersionUpgrade: true } : {}),
    databaseName: database.name,
    port: POSTGRES_PORT,
    masterUsername: database.masterUser,
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: keyArn,
    iamDatabaseAuthenticationEnabled: true,
    storageEncrypted: true,
    kmsKeyId: keyArn,
    dbSubnetGroupName: props.subnetGroupName,
    vpcSecurityGroupIds: [...props.securityGroupIds],
    dbClusterParameterGroupName: props.parameterGroupName,
    backupRetentionPeriod: database.backupRetentionDays,
    preferredBackupWindow: database.backupWindow,
    preferredMaintenanceWindow: database.maintenanceWindow,
    applyImmediately: database.applyImmediately,
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: [...database.logExports],
    // Of the cluster, so that no member, nor one that AWS adds, can have other insights.
    databaseInsightsMode: database.insights.mode,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: keyArn,
    performanceInsightsRetentionPeriod: database.insights.retentionDays,
    deleteAutomatedBackups: !database.finalSnapshot,
    deletionProtection: database.deletionProtection,
    lifecycle: { preventDestroy: database.preventDestroy },
  };
}
