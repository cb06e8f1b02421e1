/** `readfleet/testing`: tests of an app on a real primary and real replicas, in Jest, Vitest and node:test. */
export type { LocalFleet } from '../fleet';
export type { LocalFleetOptions } from '../options';
export { startLocalFleet } from '../start';
export type { DatabaseAddress } from './database/address';
export { type FreshDatabase, type FreshDatabaseOptions, freshDatabase } from './database/fresh';
export { type Template, template } from './database/template';
export { caughtUp } from './faults/caught-up';
export { TestClock } from './faults/clock';
export { type LagOptions, undisturbed, type Which, withDown, withFaults, withFrozen, withLag } from './faults/faults';
export { testOptions } from './options';
export {
  assertNotReadFrom,
  assertNotWritten,
  assertReadFrom,
  assertReadOnlyFrom,
  assertWritten,
} from './reads/assert';
export { type ReadMatchers, type Recorded, readMatchers } from './reads/matchers';
export { Recording, readsOf, recordReads } from './reads/recording';
export type { RecordedStatement } from './reads/statement';
export type { Where } from './reads/where';
export type { Fault, TestServer, TestServers } from './servers/servers';
export { type SharedFleet, sharedFleet } from './servers/shared';
export { type SharedFleetOptions, type StartedFleet, startSharedFleet, stopSharedFleet } from './servers/start';
