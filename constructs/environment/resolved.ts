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

export type MultiAzClusterDatabaseSettings = Readonly<Required<Omit<MultiAzClusterDatabaseInput, 'storage'>>> & {
  readonly storage: ClusterStorageInput;
};

export type AuroraDatabaseSettings = Readonly<Required<AuroraDatabaseInput>>;

/** A replica with every default filled in. */
export type ReplicaSettings = Readonly<Required<ReplicaInput>>;
export type RemoteReplicaSettings = Readonly<Required<RemoteReplicaInput>>;
export type AuroraReaderSettings = Readonly<Required<AuroraReaderInput>>;
export type ReaderAutoscalingSettings = Readonly<Required<ReaderAutoscalingInput>>;

export type ProxySettings = Readonly<Required<ProxyInput>>;
export type ClusterProxySettings = Readonly<Required<ClusterProxyInput>>;
export type ReadNameSettings = Readonly<Required<ReadNameInput>>;
export type EmitterSettings = Readonly<Required<EmitterInput>>;

export interface AlarmSettings {
  readonly enabled: boolean;
  readonly subscriptions: readonly AlarmSubscription[];
  readonly thresholds: AlarmThresholds;
}

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

export interface InstancesEnvironment extends Said<InstancesEnvironmentInput>, EnvironmentBase {
  readonly database: DatabaseSettings;
  readonly replicas: Readonly<Record<string, ReplicaSettings>>;
  readonly promoted: Readonly<Record<string, PromotedReplicaInput>>;
  readonly remoteReplicas: Readonly<Record<string, RemoteReplicaSettings>>;
  readonly proxy: ProxySettings | undefined;
  readonly readName: ReadNameSettings | undefined;
  readonly emitter: EmitterSettings;
}

export interface MultiAzClusterEnvironment extends Said<MultiAzClusterEnvironmentInput>, EnvironmentBase {
  readonly database: MultiAzClusterDatabaseSettings;
  readonly proxy: ClusterProxySettings | undefined;
  readonly emitter: EmitterSettings;
}

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
