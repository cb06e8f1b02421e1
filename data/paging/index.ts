/**
 * Keyset pagination: pages by the place of a row, not by its number.
 *
 * @packageDocumentation
 */
export type { Queryable, Reads } from '../sql/ask';
export type { SqlTag } from '../sql/fragment';
export { type CursorProblem, PageRequestError } from './errors';
export { type Keyset, keyset, type PageParts, type PageQuery, type WithoutKey } from './keyset';
export type { KeyColumn, KeysetOptions } from './options';
export type { Page, PageInfo } from './page';
export { type PrismaKeyset, type PrismaPage, type PrismaWhere, prismaKeyset } from './prisma';
export type { PageRequest } from './request';
export { KEY, type PageText, type Pieces } from './statement';
