import type { LagThresholds } from '../../lib/contract';
import type {
  AccessInput,
  Backend,
  DatabaseInput,
  InstancesEnvironmentInput,
  Network,
  ReplicaInput,
  Stage,
  StorageInput,
} from './types';

/** Marks what has passed `environment()`, across two copies of the package. */
export const ENVIRONMENT: unique symbol = Symbol.for('readfleet.environment') as never;

/** A database with every default filled in. */
export type DatabaseSettings = Readonly<Required<Omit<DatabaseInput, 'storage'>>> & { readonly storage: StorageInput };

/** A replica with every default filled in. */
export type ReplicaSettings = Readonly<Required<ReplicaInput>>;

export type Access = Readonly<Required<AccessInput>>;

/** A checked environment with every default filled in: what `environment()` returns and `ReadFleetStack` takes. */
export interface InstancesEnvironment extends Omit<InstancesEnvironmentInput, 'database' | 'replicas' | 'access'> {
  readonly [ENVIRONMENT]: true;
  readonly topology: 'instances';
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: Backend;
  readonly network: Network;
  readonly database: DatabaseSettings;
  readonly replicas: Readonly<Record<string, ReplicaSettings>>;
  readonly access: Access;
  readonly lag: LagThresholds;
}

export type Environment = InstancesEnvironment;

/** Whether `value` came from `environment()`. */
export function isEnvironment(value: unknown): value is Environment {
  return typeof value === 'object' && value !== null && (value as { [ENVIRONMENT]?: unknown })[ENVIRONMENT] === true;
}

/** The zones in which members can be placed. */
export function zonesOf(network: Network): readonly string[] {
  return network.kind === 'existing' ? Object.keys(network.subnets) : network.zones;
}
