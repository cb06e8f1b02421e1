/**
 * readfleet: reads from a PostgreSQL primary and its replicas, as fresh as asked, whatever fails.
 *
 * @packageDocumentation
 */
export type { Clock, Timer } from './clock';
export { connect, type FleetSource } from './connect';
export {
  type Address,
  CONTRACT_VERSION,
  type ContractAuth,
  type ContractMember,
  type FleetContract,
  type LagThresholds,
  parseContract,
  readContractFile,
  type Topology,
} from './contract';
export { type Attempt, InvalidConfigError, type PassedOver, ReadfleetError, type Trace } from './errors';
export type { Transaction, TransactionOptions } from './execution/transaction';
export type { FleetPool } from './facade';
export type { Fleet } from './fleet';
export { type Classifier, type Intent, loadClassifier, type Target } from './intent';
export type { Lag } from './lag/lag';
export type { MemberState } from './members/state';
export type { ConnectOptions, LagOptions, PoolOptions, ReadOptions } from './options';
export type { Problem } from './problems';
export type { FleetEvents, FleetStatus, MemberStatus } from './status';
