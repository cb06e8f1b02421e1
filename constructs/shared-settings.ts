import type { DbInstanceConfig } from '@cdktf/provider-aws/lib/db-instance';
import type { DatabaseSettings } from './environment';

/** The settings of a database, and what its instances have in common beside them: groups, key and monitoring role. */
export interface SharedSettingsProps extends DatabaseSettings {
  /** Groups that every member has. */
  readonly securityGroupIds: readonly string[];
  /** Group of settings that every member has. */
  readonly parameterGroupName: string;
  /** ARN of the fleet's key. */
  readonly keyArn: string;
  /**
   * Role of enhanced monitoring; needed when its interval is not 0.
   * @default - none
   */
  readonly monitoringRoleArn?: string;
}

/**
 * What a primary and its replicas have in common, word for word. It is made in one place so that they cannot differ: a
 * replica with less memory, storage or another setting falls behind, or cannot be promoted.
 */
export function sharedSettings(props: SharedSettingsProps): DbInstanceConfig {
  const { insights, storage } = props;
  const monitored = props.monitoringIntervalSeconds > 0;
  return {
    instanceClass: props.instanceClass,
    storageType: 'gp3',
    // Said on replicas too, or the next plan would replace them.
    storageEncrypted: true,
    ...(storage.maxSizeGiB === undefined ? {} : { maxAllocatedStorage: storage.maxSizeGiB }),
    ...(storage.iops === undefined ? {} : { iops: storage.iops }),
    ...(storage.throughputMiBps === undefined ? {} : { storageThroughput: storage.throughputMiBps }),
    parameterGroupName: props.parameterGroupName,
    vpcSecurityGroupIds: [...props.securityGroupIds],
    publiclyAccessible: false,
    iamDatabaseAuthenticationEnabled: true,
    caCertIdentifier: props.caCertificate,
    maintenanceWindow: props.maintenanceWindow,
    autoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
    applyImmediately: props.applyImmediately,
    copyTagsToSnapshot: true,
    databaseInsightsMode: insights.mode,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: props.keyArn,
    performanceInsightsRetentionPeriod: insights.retentionDays,
    monitoringInterval: props.monitoringIntervalSeconds,
    ...(monitored && props.monitoringRoleArn !== undefined ? { monitoringRoleArn: props.monitoringRoleArn } : {}),
    enabledCloudwatchLogsExports: [...props.logExports],
  };
}
