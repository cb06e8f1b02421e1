/**
 * `readfleet/repository`: the rows of a table, and services over several of them. Reads go to replicas, writes to the primary.
 *
 * @packageDocumentation
 */
export type { ColumnKind, RepositoryDefinition } from './definition';
export { StaleVersionError } from './errors';
export { Repository, type RepositoryFleet } from './repository';
export { type Repositories, Service } from './service';
export { DEFAULT_LIMIT, MAX_LIMIT } from './statements';
export type {
  ChangeOptions,
  Changes,
  ColumnOf,
  Condition,
  CriticalOptions,
  FindOptions,
  IdColumns,
  IdOf,
  Insertable,
  OrderColumn,
  Version,
  Where,
} from './types';
