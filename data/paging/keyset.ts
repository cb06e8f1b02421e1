import type { QueryResultRow } from 'pg';
import type { ReadOptions } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { ask, type Queryable, type Reads } from '../sql/ask';
import { type SqlTag, tagged } from '../sql/fragment';
import { orderBySql, reversed } from '../sql/order';
import { type KeysetOptions, type Ordering, orderingOf } from './options';
import { type Page, pageOf } from './page';
import type { KeyValue } from './ranges';
import { checkRequest, type PageRequest } from './request';
import { afterSql, keySql } from './sql';
import { KEY, OURS, type PageText, statementOf } from './statement';

/** A page, and the statement that finds it. */
export interface PageQuery extends PageRequest {
  /** Your own SELECT around the pieces of a page. It is part of a larger statement at times: without a semicolon at its end. */
  readonly text: PageText;
  /** `$1` and so on of your own in the text. @default [] */
  readonly values?: readonly unknown[] | undefined;
}

/** The pieces of a page in the words of a query builder. */
export interface PageParts<Sql> {
  /** For the select list, under the name {@link KEY}. */
  readonly key: Sql;
  /** For the WHERE, with whatever else is asked. */
  readonly where: Sql;
  /** For the ORDER BY, without the words. */
  readonly orderBy: Sql;
  /** For the LIMIT: one row more than the page has, which tells whether there is another. */
  readonly limit: number;
}

/** A row of a page as it was selected, but for what is ours. */
export type WithoutKey<Row> = string extends keyof Row ? Row : Omit<Row, typeof KEY>;

/**
 * Pages by the place of a row, not by its number: page 1000 costs what page 1 costs, and rows that come or go meanwhile neither skip nor repeat others
 * (docs/paging.md). Made by {@link keyset}; keeps no state, so one serves everyone.
 */
export class Keyset {
  private readonly ordering: Ordering;

  /** @internal use {@link keyset} */
  constructor(options: KeysetOptions) {
    this.ordering = orderingOf(options, 'sql');
  }

  /**
   * Finds a page. On a fleet it is a read like any other: routed, within its bound of staleness, part of its session.
   *
   * @throws PageRequestError `READFLEET_CURSOR_INVALID`, `READFLEET_PAGE_INVALID`: the client's mistake
   * @throws ReadfleetError `READFLEET_PAGING_TEXT`, `READFLEET_PAGING_NULL`, `READFLEET_CURSOR_TOO_LONG`: the app's mistake
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    fleet: Reads,
    page: PageQuery & { readonly read?: ReadOptions | undefined },
  ): Promise<Page<Row>>;
  query<Row extends QueryResultRow = QueryResultRow>(on: Queryable, page: PageQuery): Promise<Page<Row>>;
  async query<Row extends QueryResultRow>(
    on: Reads | Queryable,
    page: PageQuery & { readonly read?: ReadOptions | undefined },
  ): Promise<Page<Row>> {
    const { text, values } = this.statement(page);
    return this.page((await ask(on, text, values, page.read)) as Row[], page) as Page<Row>;
  }

  /** The statement of a page, for whatever runs it; its rows are for {@link Keyset.page}. Throws as {@link query} does. */
  statement(page: PageQuery): { readonly text: string; readonly values: unknown[] } {
    return statementOf(page.text, page.values ?? [], this.ordering, checkRequest(page, this.ordering));
  }

  /**
   * The pieces of a page for a query builder whose template tag makes SQL: `sql` of Drizzle or Kysely, `Prisma.sql`.
   *
   * @throws PageRequestError as {@link query} does
   */
  parts<Sql>(tag: SqlTag<Sql>, request: PageRequest): PageParts<Sql> {
    const { keys } = this.ordering;
    const { backward, size, from } = checkRequest(request, this.ordering);
    const ordered = backward ? reversed(keys) : keys;
    return {
      key: tagged(tag, [keySql(keys)]),
      where: tagged(tag, afterSql(ordered, from)),
      orderBy: tagged(tag, [orderBySql(ordered)]),
      limit: size + 1,
    };
  }

  /**
   * A page of the rows that a statement with its pieces gave.
   *
   * @throws PageRequestError as {@link query} does
   * @throws ReadfleetError `READFLEET_PAGING_TEXT`, `READFLEET_PAGING_NULL`
   */
  page<Row extends object>(rows: readonly Row[], request: PageRequest): Page<WithoutKey<Row>> {
    const placed = rows.map((row) => ({ row: withoutOurs(row), values: this.valuesOf(row) }));
    return pageOf(placed, checkRequest(request, this.ordering), this.ordering.cursors);
  }

  private valuesOf(row: object): readonly KeyValue[] {
    const text = (row as Readonly<Record<string, unknown>>)[KEY];
    if (typeof text !== 'string') {
      throw new ReadfleetError(
        'READFLEET_PAGING_TEXT',
        `a row of a page has no column "${KEY}": the statement must select the \`key\` under that name.`,
      );
    }
    const values = JSON.parse(text) as KeyValue[];
    for (const [place, { column, nulls }] of this.ordering.keys.entries()) {
      if (values[place] !== null || nulls) continue;
      throw new ReadfleetError(
        'READFLEET_PAGING_NULL',
        `"${column}" is NULL in a row of a page, and its keyset was told of no NULLs: rows would be skipped. ` +
          'Say `nulls: "first"` or `nulls: "last"` for it, as its index does; a column of `unique` must be NOT NULL.',
      );
    }
    return values;
  }
}

/**
 * Describes an order in which rows are paged.
 *
 * ```ts
 * const newest = keyset({ orderBy: [{ column: 'created_at', direction: 'desc' }], unique: 'id', secret: process.env.CURSOR_SECRET });
 * const page = await newest.query(fleet, {
 *   text: ({ key, where, orderBy, limit }) =>
 *     `select id, body, ${key} from message where conversation_id = $1 and ${where} ${orderBy} ${limit}`,
 *   values: [conversation],
 *   first: 50,
 *   after: request.query.after,
 * });
 * ```
 *
 * @throws InvalidConfigError `READFLEET_PAGING_OPTIONS`, with every problem at once
 */
export function keyset(options: KeysetOptions): Keyset {
  return new Keyset(options);
}

function withoutOurs<Row extends object>(row: Row): WithoutKey<Row> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !OURS.has(name))) as WithoutKey<Row>;
}
