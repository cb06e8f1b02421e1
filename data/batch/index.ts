/**
 * Batched aggregates and lookups: many keys, one statement.
 *
 * @packageDocumentation
 */
export type { Queryable } from '../sql/ask';
export type { OrderColumn } from '../sql/order';
export { type Batch, type BatchFleet, type BatchOptions, batch } from './batch';
export type { BatchRows, CountsOf, LatestOf, ManyOf, RowsOf, SumAs, SumsOf } from './definitions';
export type { BatchKey } from './keys';
export type { BatchLoader } from './loader';
