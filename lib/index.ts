/**
 * readfleet: reads from a PostgreSQL primary and its replicas, as fresh as asked, whatever fails.
 *
 * @packageDocumentation
 */
export type { Clock, Timer } from './clock';
export type { Environment as EnvironmentVariables } from './config/variables';
export { connect, type FleetSource } from './connect';
export {
  type Address,
  CONTRACT_VERSION,
  type ContractAuth,
  type ContractLag,
  type ContractMember,
  type FleetContract,
  type LagThresholds,
  parseContract,
  readContractFile,
  type Topology,
} from './contract';
export {
  type Attempt,
  InvalidConfigError,
  type PassedOver,
  ReadfleetError,
  type ReadfleetErrorOptions,
  type Trace,
} from './errors';
export type { Transaction, TransactionOptions } from './execution/transaction';
export type { FleetPool } from './facade';
export type { Fleet } from './fleet';
export {
  type Classifier,
  type ClassifierOptions,
  type FunctionCatalogue,
  type FunctionEntry,
  type Intent,
  loadClassifier,
  type OperatorEntry,
  type RelationEntry,
  type SessionEffect,
  type Target,
  type TypeEntry,
} from './intent';
export type { Lag } from './lag/lag';
export type { Password, Tls, Via } from './members/connection';
export type { Role as MemberRole } from './members/member';
export type { MemberState } from './members/state';
export type {
  ConnectOptions,
  Consistency,
  EndpointOptions,
  FailoverOptions,
  LagOptions,
  PoolOptions,
  ReadOptions,
  SessionOptions,
} from './options';
export type { EndpointFlag, FlagOptions, Flags } from './policy/flags';
export type { Priority } from './policy/policy';
export type { Problem } from './problems';
export type { BreakerOptions, BreakerState } from './protection/breaker';
export type { BulkheadOptions } from './protection/bulkhead';
export type { BreakerControl } from './protection/control';
export type { RetryBudgetOptions } from './protection/retry-budget';
export { ShedError, type ShedReason } from './protection/shed-error';
export type { DrainOptions, Replicas } from './replicas';
export type { BalancerName } from './routing/balancers';
export type { OpenSession, SessionApi } from './session/sessions';
export type { FleetEvents, FleetStatus, MemberStatus } from './status';
export { channels, type Decision, type Outcome, type StatementEnd } from './telemetry/channels';
export type { ContractSource } from './topology/contract-source';
