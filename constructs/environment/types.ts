import type { LagThresholds } from '../../lib/contract';
import type { Parameters } from '../parameters/types';

/** Major versions of PostgreSQL that RDS creates today. AWS picks the minor within. */
export const ENGINE_MAJORS = [14, 15, 16, 17, 18] as const;
export type EngineMajor = (typeof ENGINE_MAJORS)[number];

/** How much an environment is worth. It picks defaults (see `defaults.ts`), nothing else. */
export const STAGES = ['production', 'staging', 'development'] as const;
export type Stage = (typeof STAGES)[number];

export const LOG_EXPORTS = ['postgresql', 'upgrade', 'iam-db-auth-error'] as const;
export type LogExport = (typeof LOG_EXPORTS)[number];

export const MONITORING_INTERVALS = [0, 1, 5, 10, 15, 30, 60] as const;
export type MonitoringInterval = (typeof MONITORING_INTERVALS)[number];

/** Where Terraform keeps its state. */
export type Backend =
  | {
      readonly kind: 's3';
      /** A bucket with versioning, which exists before the first deployment. */
      readonly bucket: string;
      /**
       * Region of the bucket.
       * @default - the environment's region
       */
      readonly region?: string;
      /**
       * Object that holds the state.
       * @default "readfleet/<fleet>/<environment>.tfstate"
       */
      readonly key?: string;
      /**
       * ARN of the KMS key that encrypts the state.
       * @default - the bucket's own encryption
       */
      readonly kmsKeyArn?: string;
    }
  /** A file beside the project: for environments that one person deploys. Refused in production. */
  | { readonly kind: 'local' };

/** Where the members live. Private subnets, at least two zones. */
export type Network =
  | {
      /** A VPC that others own. Nothing is looked up: what is needed is said here. */
      readonly kind: 'existing';
      readonly vpcId: string;
      /** Subnet by zone: `{ 'eu-central-1a': 'subnet-…' }`. Members can be placed in these zones only. */
      readonly subnets: Readonly<Record<string, string>>;
    }
  | {
      /** A VPC with one private subnet per zone and no way to the internet. */
      readonly kind: 'create';
      /** IPv4 block of the VPC, /16 to /24. Each zone letter owns an eighth of it, so that no zone moves another. */
      readonly cidr: string;
      /** E.g. `['eu-central-1a', 'eu-central-1b']`. */
      readonly zones: readonly string[];
    };

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

export interface Insights {
  /** CloudWatch Database Insights. `advanced` needs at least 465 days. */
  readonly mode: 'standard' | 'advanced';
  /** 7 (free of charge), a multiple of 31 up to 713, or 731. */
  readonly retentionDays: number;
}

/** What all topologies' databases have in common. */
export interface DatabaseInput {
  /** Database that is created in the fleet, and that the contract names. */
  readonly name: string;
  /** Major version alone, e.g. 17: AWS retires minors, and a pinned one can one day no longer be created. */
  readonly engineMajor: EngineMajor;
  /** E.g. `db.r6g.xlarge`. The replicas take it as well. */
  readonly instanceClass: `db.${string}.${string}`;
  readonly storage: StorageInput;
  /**
   * Master user, for the bootstrap of roles alone.
   * @default "fleet_admin"
   */
  readonly masterUser?: string;
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
   * @default "Mon:03:00-Mon:04:00"
   */
  readonly maintenanceWindow?: string;
  /**
   * Whether AWS may install minor versions in the maintenance window, on all members alike.
   * @default true
   */
  readonly autoMinorVersionUpgrade?: boolean;
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
   * Log types that go to CloudWatch.
   * @default ["postgresql", "upgrade"]
   */
  readonly logExports?: readonly LogExport[];
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
   * Settings of PostgreSQL in human units: `{ work_mem: '16MB' }`. One group serves all members.
   * @default - `PARAMETER_DEFAULTS`: TLS forced, standby delays of 30 s, pg_stat_statements, 20 WAL senders
   */
  readonly parameters?: Parameters;
}

/**
 * One read replica. It says where it is and how much it takes.
 *
 * Class, engine, storage, encryption, security group and parameter group come from the primary: a replica that differs
 * in one of them falls behind, or cannot be promoted.
 */
export interface ReplicaInput {
  /** Availability zone, one of the network's. Outside of development, replicas that are all in one zone are refused. */
  readonly zone: string;
  /**
   * Share of reads relative to the other replicas, more than 0.
   * @default 1
   */
  readonly weight?: number;
}

/** Who may connect. */
export interface AccessInput {
  /**
   * Security groups (`sg-…`) that may reach the members, beside the fleet's own client group.
   * @default - none: apps attach the client group that the fleet exports
   */
  readonly securityGroupIds?: readonly string[];
  /**
   * PostgreSQL role that apps log in as, with IAM authentication.
   * @default "app"
   */
  readonly user?: string;
}

interface EnvironmentInputBase {
  /** The file's name without its ending, and the stack's name: `cdktf deploy <name>`. */
  readonly name: string;
  /** What the fleet serves, e.g. `orders`. Every name in AWS begins with it. */
  readonly fleet: string;
  /** AWS region, e.g. `eu-central-1`. */
  readonly region: string;
  /**
   * What the environment is worth: it picks the defaults below.
   * @default "production" - who says nothing gets the protected one
   */
  readonly stage?: Stage;
  /**
   * Tags for every resource, beside Fleet, Environment and ManagedBy.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
  readonly backend: Backend;
  readonly network: Network;
  /** @default - only the fleet's own client security group may connect */
  readonly access?: AccessInput;
  /**
   * Lag past which people are told.
   * @default warning 1 s, critical 5 s
   */
  readonly lag?: LagThresholds;
}

/** An `aws_db_instance` primary and 1 to 15 replicas of it. */
export interface InstancesEnvironmentInput extends EnvironmentInputBase {
  readonly topology: 'instances';
  readonly database: DatabaseInput;
  /** By name, so that to take one away touches no other. The name ends up in identifiers, metrics and runbooks. */
  readonly replicas: Readonly<Record<string, ReplicaInput>>;
}

/** What an environment file says. The topology decides what else can be said. */
export type EnvironmentInput = InstancesEnvironmentInput;
