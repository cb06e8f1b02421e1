import type { LagThresholds } from '../../lib/contract';
import type {
  AccessInput,
  AlarmSubscription,
  AlarmThresholds,
  AuroraDatabaseInput,
  AuroraEnvironmentInput,
  AuroraReaderInput,
  BootstrapInput,
  ClusterProxyInput,
  ClusterStorageInput,
  DatabaseCoreInput,
  DatabaseInput,
  EmitterInput,
  InstancesEnvironmentInput,
  Move,
  MultiAzClusterDatabaseInput,
  MultiAzClusterEnvironmentInput,
  Network,
  PromotedReplicaInput,
  ProxyInput,
  ReaderAutoscalingInput,
  ReadNameInput,
  RemoteReplicaInput,
  ReplicaInput,
  SecretsRoute,
  Stage,
  StorageInput,
  SuppressionInput,
} from './types';

/** Marks what has passed `environment()`, across two copies of the package. */
export const ENVIRONMENT: unique symbol = Symbol.for('readfleet.environment') as never;

/** What of a database is the same in every topology, with every default filled in. */
export type DatabaseCoreSettings = Readonly<Required<DatabaseCoreInput>>;

/** A database of instances with every default filled in. */
export type DatabaseSettings = Readonly<Required<Omit<DatabaseInput, 'storage'>>> & { readonly storage: StorageInput };

/** The database of a Multi-AZ DB cluster with every default filled in, but for its storage, which is as it was said. */
export type MultiAzClusterDatabaseSettings = Readonly<Required<Omit<MultiAzClusterDatabaseInput, 'storage'>>> & {
  readonly storage: ClusterStorageInput;
};

/** The database of an Aurora cluster with every default filled in. */
export type AuroraDatabaseSettings = Readonly<Required<AuroraDatabaseInput>>;

/** A replica with every default filled in. */
export type ReplicaSettings = Readonly<Required<ReplicaInput>>;
/** A replica in another region with its security groups filled in: none beside its own client group. */
export type RemoteReplicaSettings = Readonly<Required<RemoteReplicaInput>>;
/** A reader of an Aurora cluster with weight (1) and promotion tier (1) filled in. */
export type AuroraReaderSettings = Readonly<Required<AuroraReaderInput>>;
/** Autoscaling of Aurora readers with its cooldowns filled in: 300 s before one more is added, 900 s before one more goes. */
export type ReaderAutoscalingSettings = Readonly<Required<ReaderAutoscalingInput>>;

/** RDS Proxy with every default filled in: IAM, as `app_proxy`, 80 % of the connections. */
export type ProxySettings = Readonly<Required<ProxyInput>>;
/** RDS Proxy before a cluster with every default filled in, the endpoint over the readers among it. */
export type ClusterProxySettings = Readonly<Required<ClusterProxyInput>>;
/** The DNS name over all replicas with every default filled in: kept for 5 s, without replicas that nobody measures. */
export type ReadNameSettings = Readonly<Required<ReadNameInput>>;
/** The emitter with every default filled in: a sample every 10 s, logs for 30 days, no metrics but those of lag and health. */
export type EmitterSettings = Readonly<Required<EmitterInput>>;

/** The alarms of an environment with every threshold filled in; those of WAL and slots follow the size of the storage. */
export interface AlarmSettings {
  readonly enabled: boolean;
  readonly subscriptions: readonly AlarmSubscription[];
  readonly thresholds: AlarmThresholds;
}

/** Who may connect, and as which PostgreSQL roles, with every default filled in. */
export type Access = Readonly<Required<AccessInput>>;

interface EnvironmentBase {
  readonly [ENVIRONMENT]: true;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  readonly network: Network & { readonly secretsRoute: SecretsRoute };
  readonly access: Access;
  readonly lag: LagThresholds;
  readonly alarms: AlarmSettings;
  readonly bootstrap: BootstrapInput;
  readonly moved: readonly Move[];
  readonly suppressions: readonly SuppressionInput[];
}

type Said<Input> = Pick<Input, Extract<keyof Input, 'name' | 'fleet' | 'region' | 'backend' | 'topology'>>;

/** A checked environment of instances. `proxy` and `readName` are undefined where nobody asked for them. */
export interface InstancesEnvironment extends Said<InstancesEnvironmentInput>, EnvironmentBase {
  readonly database: DatabaseSettings;
  readonly replicas: Readonly<Record<string, ReplicaSettings>>;
  readonly promoted: Readonly<Record<string, PromotedReplicaInput>>;
  readonly remoteReplicas: Readonly<Record<string, RemoteReplicaSettings>>;
  readonly proxy: ProxySettings | undefined;
  readonly readName: ReadNameSettings | undefined;
  readonly emitter: EmitterSettings;
}

/** A checked environment of a Multi-AZ DB cluster. Its members are not named: AWS makes all three. */
export interface MultiAzClusterEnvironment extends Said<MultiAzClusterEnvironmentInput>, EnvironmentBase {
  readonly database: MultiAzClusterDatabaseSettings;
  readonly proxy: ClusterProxySettings | undefined;
  readonly emitter: EmitterSettings;
}

/** A checked environment of an Aurora cluster. It has no emitter: AWS measures there. */
export interface AuroraEnvironment extends Said<AuroraEnvironmentInput>, EnvironmentBase {
  readonly database: AuroraDatabaseSettings;
  readonly writerZone: string;
  readonly readers: Readonly<Record<string, AuroraReaderSettings>>;
  readonly autoscaling: ReaderAutoscalingSettings | undefined;
  readonly proxy: ClusterProxySettings | undefined;
}

/** A checked environment with every default filled in: what `environment()` returns and `ReadFleetStack` takes. */
export type Environment = InstancesEnvironment | MultiAzClusterEnvironment | AuroraEnvironment;

/** Whether `value` came from `environment()`. */
export function isEnvironment(value: unknown): value is Environment {
  return typeof value === 'object' && value !== null && (value as { [ENVIRONMENT]?: unknown })[ENVIRONMENT] === true;
}

/** The zones in which members can be placed. */
export function zonesOf(network: Network): readonly string[] {
  return network.kind === 'existing' ? Object.keys(network.subnets) : network.zones;
}
