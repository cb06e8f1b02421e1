import { PageRequestError } from './errors';
import type { Ordering } from './options';
import type { KeyValue } from './ranges';

/**
 * Which page: `first` rows `after` a cursor, or the `last` ones `before` it. Without a cursor from the beginning, or the end. These are the arguments of a
 * GraphQL connection: null is as good as nothing.
 */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A {@link PageRequest} that makes sense. */
export interface CheckedRequest {
  /** Whether the rows before the cursor are asked for. */
  readonly backward: boolean;
  readonly size: number;
  /** Where the row of the cursor stands; undefined without a cursor. */
  readonly from: readonly KeyValue[] | undefined;
}

/** @throws PageRequestError `READFLEET_PAGE_INVALID`, `READFLEET_CURSOR_INVALID` */
export function checkRequest({ first, after, last, before }: PageRequest, ordering: Ordering): CheckedRequest {
  const backward = isGiven(last) || isGiven(before);
  if (backward && (isGiven(first) || isGiven(after))) {
    throw invalid('`first` and `after` go forward, `last` and `before` go backward: ask for one of the two');
  }
  const size = (backward ? last : first) ?? ordering.pageSize;
  if (!Number.isInteger(size) || size < 1 || size > ordering.maxPageSize) {
    const got = typeof size === 'number' ? size : `a value of type ${typeof size}`;
    throw invalid(
      `\`${backward ? 'last' : 'first'}\` must be a whole number from 1 to ${ordering.maxPageSize}, and is ${got}`,
    );
  }
  const cursor = backward ? before : after;
  return { backward, size, from: isGiven(cursor) ? ordering.cursors.decode(cursor) : undefined };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function invalid(what: string): PageRequestError {
  return new PageRequestError('READFLEET_PAGE_INVALID', `this page cannot be had: ${what}.`);
}
