import type { LagThresholds } from '../../../lib/contract';
import type { AlarmsInput, BootstrapInput, EmitterInput } from './alarms';
import type { Backend } from './backend';
import type { AuroraDatabaseInput, DatabaseInput, MultiAzClusterDatabaseInput } from './database';
import type { Network } from './network';
import type { ClusterProxyInput, ProxyInput } from './proxy';
import type { ReadNameInput } from './read-name';
import type {
  AuroraReaderInput,
  PromotedReplicaInput,
  ReaderAutoscalingInput,
  RemoteReplicaInput,
  ReplicaInput,
} from './replicas';
import type { Stage } from './stage';
import type { SuppressionInput } from './suppression';

/** Who may connect. */
export interface AccessInput {
  /**
   * Security groups (`sg-…`) that may reach the fleet, beside its own client group.
   * @default - none: apps attach the client group that the fleet exports
   */
  readonly securityGroupIds?: readonly string[];
  /**
   * Private IPv4 blocks that may reach the fleet, for apps whose security group cannot be named: another region, on premises.
   * @default - none
   */
  readonly cidrs?: readonly string[];
  /**
   * PostgreSQL role that apps log in as, with IAM authentication.
   * @default "app"
   */
  readonly user?: string;
  /**
   * PostgreSQL role of apps and people that only read, with IAM authentication.
   * @default "readfleet_read_only"
   */
  readonly readOnlyUser?: string;
  /**
   * PostgreSQL role that migrations log in as, with IAM authentication. What it makes belongs to the group `readfleet_owner`:
   * to name another role later is no loss.
   * @default "readfleet_migrations"
   */
  readonly migrationUser?: string;
}

/** A resource that has a new logical id: Terraform moves it in the state, instead of destroying one and making the other. */
export interface Move {
  /** E.g. `aws_db_instance.replica-blue`. */
  readonly from: string;
  /** E.g. `aws_db_instance.replica-azure`. */
  readonly to: string;
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
  /** @default - alarms on, with nobody subscribed */
  readonly alarms?: AlarmsInput;
  /** @default { kind: 'lambda' } */
  readonly bootstrap?: BootstrapInput;
  /**
   * Resources that were renamed since the last deployment, e.g. a replica. Can go once every environment has been deployed with it.
   * @default - none
   */
  readonly moved?: readonly Move[];
  /**
   * Policies that do not hold here, each with the reason: see docs/policies.md.
   * @default - all hold, but for those that the stage is exempt from
   */
  readonly suppressions?: readonly SuppressionInput[];
}

/** An `aws_db_instance` primary and 1 to 15 replicas of it. */
export interface InstancesEnvironmentInput extends EnvironmentInputBase {
  readonly topology: 'instances';
  readonly database: DatabaseInput;
  /** By name, so that to take one away touches no other. The name ends up in identifiers, metrics and runbooks. */
  readonly replicas: Readonly<Record<string, ReplicaInput>>;
  /**
   * Replicas that stand alone from now on, by the name they had.
   * @default - none
   */
  readonly promoted?: Readonly<Record<string, PromotedReplicaInput>>;
  /**
   * Replicas in other regions, by name. Each has a fleet contract of its own, in its region.
   * @default - none
   */
  readonly remoteReplicas?: Readonly<Record<string, RemoteReplicaInput>>;
  /**
   * Before the writer alone: AWS lets no proxy read from the replicas of an instance.
   * @default - none
   */
  readonly proxy?: ProxyInput;
  /** @default - none */
  readonly readName?: ReadNameInput;
  /** @default - a sample every 10 s */
  readonly emitter?: EmitterInput;
}

/** An `aws_rds_cluster` of three members in three zones: a writer and two readable standbys, which change places on failover. */
export interface MultiAzClusterEnvironmentInput extends EnvironmentInputBase {
  readonly topology: 'multi-az-cluster';
  readonly database: MultiAzClusterDatabaseInput;
  /** @default - none */
  readonly proxy?: ClusterProxyInput;
  /** @default - a sample every 10 s */
  readonly emitter?: EmitterInput;
}

/** An Aurora cluster: a writer and 1 to 15 readers over one shared storage. */
export interface AuroraEnvironmentInput extends EnvironmentInputBase {
  readonly topology: 'aurora';
  readonly database: AuroraDatabaseInput;
  /** Zone of the instance that begins as the writer. */
  readonly writerZone: string;
  /** By name, so that to take one away touches no other. */
  readonly readers: Readonly<Record<string, AuroraReaderInput>>;
  /** @default - none: the readers are those that are named */
  readonly autoscaling?: ReaderAutoscalingInput;
  /** @default - none */
  readonly proxy?: ClusterProxyInput;
}

/** What an environment file says. The topology decides what else can be said. */
export type EnvironmentInput = InstancesEnvironmentInput | MultiAzClusterEnvironmentInput | AuroraEnvironmentInput;
