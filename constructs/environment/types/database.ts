import type { AuroraParameters, Parameters } from '../../parameters/types';

/** Major versions of PostgreSQL that RDS creates today. AWS picks the minor within. */
export const ENGINE_MAJORS = [14, 15, 16, 17, 18] as const;
/** A major version that a fleet can be made with: one of `ENGINE_MAJORS`. */
export type EngineMajor = (typeof ENGINE_MAJORS)[number];

/** Logs that instances and Multi-AZ DB clusters can send to CloudWatch. */
export const LOG_EXPORTS = ['postgresql', 'upgrade', 'iam-db-auth-error'] as const;
/** A log of an instance or of a Multi-AZ DB cluster, for `logExports`: one of `LOG_EXPORTS`. */
export type LogExport = (typeof LOG_EXPORTS)[number];

/** Aurora exports no log of upgrades, but one of its instances. */
export const AURORA_LOG_EXPORTS = ['postgresql', 'instance', 'iam-db-auth-error'] as const;
/** A log of an Aurora cluster, for `logExports`: one of `AURORA_LOG_EXPORTS`. */
export type AuroraLogExport = (typeof AURORA_LOG_EXPORTS)[number];

/** Seconds between two samples of enhanced monitoring, as RDS takes them; 0 turns it off. */
export const MONITORING_INTERVALS = [0, 1, 5, 10, 15, 30, 60] as const;
/** Seconds between two samples of enhanced monitoring: one of `MONITORING_INTERVALS`. */
export type MonitoringInterval = (typeof MONITORING_INTERVALS)[number];

/** E.g. `db.r6g.xlarge`. Only the form is checked: which classes a region has, AWS tells at deployment. */
export type InstanceClass = `db.${string}.${string}`;

/**
 * Families of instance classes that a Multi-AZ DB cluster can have: those with local disks, where the members keep what they
 * have acknowledged. From AWS's page on Multi-AZ DB clusters, as of 2026-06.
 */
export const MULTI_AZ_CLUSTER_FAMILIES = [
  'c6gd',
  'm5d',
  'm6gd',
  'm6id',
  'm6idn',
  'm8gd',
  'r5d',
  'r6gd',
  'r6id',
  'r6idn',
  'r8gd',
  'x2iedn',
] as const;
/** E.g. `db.r6gd.xlarge`: a class of one of `MULTI_AZ_CLUSTER_FAMILIES`. */
export type MultiAzClusterClass = `db.${(typeof MULTI_AZ_CLUSTER_FAMILIES)[number]}.${string}`;

/** gp3 storage. */
export interface StorageInput {
  /** 20 to 65536. */
  readonly sizeGiB: number;
  /**
   * RDS grows the storage by itself up to here; at least a tenth more than `sizeGiB`.
   * @default - it does not grow: a full disk stops the primary
   */
  readonly maxSizeGiB?: number;
  /**
   * Provisioned IOPS, from 400 GiB on.
   * @default - what gp3 brings: 3000 below 400 GiB, 12000 from there
   */
  readonly iops?: number;
  /**
   * Throughput, from 400 GiB on.
   * @default - what gp3 brings: 125 MiB/s below 400 GiB, 500 from there
   */
  readonly throughputMiBps?: number;
}

/** What Database and Performance Insights record of a database, and for how many days. */
export interface Insights {
  /** CloudWatch Database Insights. `advanced` needs at least 465 days. */
  readonly mode: 'standard' | 'advanced';
  /** 7 (free of charge), a multiple of 31 up to 713, or 731. */
  readonly retentionDays: number;
}

/** What all topologies' databases have in common. */
export interface DatabaseCoreInput {
  /** Database that is created in the fleet, and that the contract names. */
  readonly name: string;
  /** Major version alone, e.g. 17: AWS retires minors, and a pinned one can one day no longer be created. */
  readonly engineMajor: EngineMajor;
  /**
   * Master user, for the bootstrap of roles alone.
   * @default "fleet_admin"
   */
  readonly masterUser?: string;
  /**
   * 1 to 35. Never 0: AWS makes no replica of a primary without backups.
   * @default 30 in production, 7 in staging, 1 in development
   */
  readonly backupRetentionDays?: number;
  /**
   * Daily, UTC, 30 minutes or more, `hh:mm-hh:mm`.
   * @default "02:00-03:00"
   */
  readonly backupWindow?: string;
  /**
   * Weekly, UTC, 30 minutes or more, `ddd:hh:mm-ddd:hh:mm`. Must not meet the backup window.
   * @default "Mon:04:00-Mon:05:00"
   */
  readonly maintenanceWindow?: string;
  /**
   * Whether AWS may install minor versions in the maintenance window, on all members alike.
   * @default true
   */
  readonly autoMinorVersionUpgrade?: boolean;
  /**
   * Lets a deployment raise `engineMajor`. Set it for the upgrade and take it out again: see docs/runbooks/upgrade.md.
   * @default false - AWS refuses another major version
   */
  readonly allowMajorVersionUpgrade?: boolean;
  /**
   * Change what needs a restart at once instead of in the maintenance window.
   * @default true in development; false elsewhere, so that a deployment causes no outage
   */
  readonly applyImmediately?: boolean;
  /**
   * Performance and Database Insights.
   * @default standard, 7 days
   */
  readonly insights?: Insights;
  /**
   * Enhanced monitoring, seconds between samples; 0 turns it off. Its role is made when it is on.
   * @default 60 in production and staging; 0 in development
   */
  readonly monitoringIntervalSeconds?: MonitoringInterval;
  /**
   * AWS refuses to delete the primary while this is on.
   * @default true in production and staging; false in development
   */
  readonly deletionProtection?: boolean;
  /**
   * Terraform refuses every plan that would destroy the primary, its key or its secret.
   * @default true in production; false elsewhere
   */
  readonly preventDestroy?: boolean;
  /**
   * Keep a last snapshot when the primary is destroyed.
   * @default true in production and staging; false in development
   */
  readonly finalSnapshot?: boolean;
  /**
   * Certificate authority of the members' server certificates.
   * @default "rds-ca-rsa2048-g1"
   */
  readonly caCertificate?: string;
  /**
   * Settings of PostgreSQL in human units: `{ work_mem: '16MB' }`. One group serves all members. See docs/parameters.md.
   * @default - `parameterDefaults`: TLS forced, standby delays of 30 s, pg_stat_statements, 20 WAL senders
   */
  readonly parameters?: Parameters;
}

/** The database of a primary instance and its replicas. */
export interface DatabaseInput extends DatabaseCoreInput {
  /** E.g. `db.r6g.xlarge`. The replicas take it as well. */
  readonly instanceClass: InstanceClass;
  readonly storage: StorageInput;
  /**
   * Raise it by one to have a new master password made: primary and secret change together.
   * @default 1
   */
  readonly masterPasswordVersion?: number;
  /**
   * A standby of the primary in another zone, which serves no reads but takes over in a minute or two.
   * @default true in production and staging; false in development
   */
  readonly multiAz?: boolean;
  /**
   * Log types that go to CloudWatch.
   * @default ["postgresql", "upgrade"]
   */
  readonly logExports?: readonly LogExport[];
}

/**
 * Storage of each of the three members of a Multi-AZ DB cluster. It does not grow by itself: AWS has no autoscaling for it.
 *
 * AWS's reference of CreateDBCluster names gp3, and says that IOPS are required (as of 2026-06); like an instance's, gp3 under
 * 400 GiB takes none.
 */
export type ClusterStorageInput =
  | {
      readonly type: 'gp3';
      /** 20 to 65536. */
      readonly sizeGiB: number;
      /**
       * Provisioned IOPS, from 400 GiB on.
       * @default - what gp3 brings: 3000 below 400 GiB, 12000 from there
       */
      readonly iops?: number;
    }
  | {
      readonly type: 'io1' | 'io2';
      /** 100 to 65536. */
      readonly sizeGiB: number;
      /** 1000 to 256000, at least one for 2 GiB, and at most 50 per GiB (`io1`) or 1000 per GiB (`io2`). */
      readonly iops: number;
    };

/**
 * The database of a Multi-AZ DB cluster. AWS makes and rotates its master password.
 *
 * AWS installs minor versions in the maintenance window: that is its default, and provider 5.100 has no word for another
 * choice on a cluster.
 */
export interface MultiAzClusterDatabaseInput extends Omit<DatabaseCoreInput, 'autoMinorVersionUpgrade'> {
  /** E.g. `db.r6gd.xlarge`: of a family with local disks, for all three members. */
  readonly instanceClass: MultiAzClusterClass;
  readonly storage: ClusterStorageInput;
  /**
   * Log types that go to CloudWatch.
   * @default ["postgresql", "upgrade"]
   */
  readonly logExports?: readonly LogExport[];
}

/** The database of an Aurora cluster. AWS makes and rotates its master password; its storage grows by itself. */
export interface AuroraDatabaseInput extends DatabaseCoreInput {
  /** E.g. `db.r6g.large`. Writer and readers take it alike. */
  readonly instanceClass: InstanceClass;
  /**
   * `aurora` bills each I/O; `aurora-iopt1` bills none and costs more for the rest.
   * @default "aurora"
   */
  readonly storageType?: 'aurora' | 'aurora-iopt1';
  /**
   * Log types that go to CloudWatch.
   * @default ["postgresql"]
   */
  readonly logExports?: readonly AuroraLogExport[];
  /**
   * Settings of Aurora PostgreSQL in human units. One group serves all members. See docs/parameters.md.
   * @default - `parameterDefaults`: TLS forced, a standby delay of 30 s, pg_stat_statements
   */
  readonly parameters?: AuroraParameters;
}
