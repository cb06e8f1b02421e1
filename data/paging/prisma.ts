import { ReadfleetError } from '../../lib/errors';
import { type OrderColumn, reversed } from '../sql/order';
import { cursorError } from './errors';
import { type KeysetOptions, type Ordering, orderingOf } from './options';
import { type Page, pageOf } from './page';
import { boundOf, type Condition, type KeyValue, type Operator, type Range, rangesAfter } from './ranges';
import { checkRequest, type PageRequest } from './request';

/** A condition in the form of Prisma's `where`. */
export type PrismaWhere = { readonly [field: string]: unknown };

/** Arguments for `findMany`, to be joined with your own: `where: { AND: [yours, page.where] }`. */
export interface PrismaPage {
  readonly where: PrismaWhere;
  readonly orderBy: Record<string, 'asc' | 'desc' | { sort: 'asc' | 'desc'; nulls: 'first' | 'last' }>[];
  /** One row more than the page has, which tells whether there is another. */
  readonly take: number;
}

/** Operators of Prisma. */
const OPERATORS = { '<': 'lt', '>': 'gt', '<=': 'lte', '>=': 'gte' } as const;

/** What JavaScript holds, and back: a letter says which kind it was. */
const KINDS: Readonly<Record<string, (text: string) => unknown>> = {
  s: (text) => text,
  n: Number,
  b: BigInt,
  t: (text) => text === 'true',
  d: (text) => new Date(text),
};

/**
 * Keyset pages with Prisma's own `findMany`; `column` is the name of a field. Made by {@link prismaKeyset}.
 *
 * Where a row stands is told by what Prisma makes of its fields. A Date knows milliseconds: order by a field of `timestamp(3)`, which is what Prisma makes
 * of a `DateTime`, or use `parts(Prisma.sql, …)` of {@link keyset}.
 */
export class PrismaKeyset {
  private readonly ordering: Ordering;

  /** @internal use {@link prismaKeyset} */
  constructor(options: KeysetOptions) {
    this.ordering = orderingOf(options, 'prisma');
    const { column } = this.ordering.keys.find(({ expression }) => expression !== undefined) ?? {};
    if (column === undefined) return;
    throw new ReadfleetError(
      'READFLEET_PAGING_OPTIONS',
      `prismaKeyset() cannot order by an expression ("${column}"): Prisma knows fields alone. Use keyset() and its parts(Prisma.sql, …).`,
    );
  }

  /** @throws PageRequestError `READFLEET_CURSOR_INVALID`, `READFLEET_PAGE_INVALID` */
  args(request: PageRequest): PrismaPage {
    const { backward, size, from } = checkRequest(request, this.ordering);
    const keys = backward ? reversed(this.ordering.keys) : this.ordering.keys;
    return {
      where: from ? prismaWhere(keys, from) : {},
      orderBy: keys.map(({ column, direction = 'asc', nulls }) => ({
        [column]: nulls ? { sort: direction, nulls } : direction,
      })),
      take: size + 1,
    };
  }

  /**
   * A page of the rows that `findMany` gave with {@link args}.
   *
   * @throws PageRequestError as {@link args} does
   * @throws ReadfleetError `READFLEET_PAGING_FIELD` for a field that was not selected, or whose kind of value cannot be in a cursor
   */
  page<Row extends object>(rows: readonly Row[], request: PageRequest): Page<Row> {
    const placed = rows.map((row) => ({ row, values: this.ordering.keys.map((key) => keyValue(row, key)) }));
    return pageOf(placed, checkRequest(request, this.ordering), this.ordering.cursors);
  }
}

/**
 * As {@link keyset}, for Prisma's own queries: `findMany({ ...pages.args(request) })`, then `pages.page(rows, request)`.
 *
 * @throws InvalidConfigError `READFLEET_PAGING_OPTIONS`
 */
export function prismaKeyset(options: KeysetOptions): PrismaKeyset {
  return new PrismaKeyset(options);
}

/** The rows after a place as Prisma's `where`: it compares no rows, so keys are compared one by one. */
function prismaWhere(keys: readonly OrderColumn[], from: readonly KeyValue[]): PrismaWhere {
  const values = from.map(fieldValue);
  const one = (condition: Condition): PrismaWhere => {
    const key = condition.kind === 'compare' ? (condition.keys[0] ?? 0) : condition.key;
    const field = keys[key]?.column ?? '';
    switch (condition.kind) {
      case 'equal':
        return { [field]: values[key] };
      case 'null':
        return { [field]: null };
      case 'not null':
        return { [field]: { not: null } };
      case 'compare': {
        const value = values[key];
        if (typeof value === 'boolean') return booleanWhere(field, condition.operator, value);
        return { [field]: { [OPERATORS[condition.operator]]: value } };
      }
    }
  };
  const all = (range: Range): PrismaWhere =>
    range.length === 1 ? one(range[0] as Condition) : { AND: range.map(one) };
  const ranges = rangesAfter(keys, from, 1);
  const bound = boundOf(keys, from, 1);
  if (ranges.length === 1) return all(ranges[0] as Range);
  const any = { OR: ranges.map(all) };
  return bound ? { AND: [one(bound), any] } : any;
}

/** Prisma compares no booleans: those that fit are named. PostgreSQL has false before true. */
function booleanWhere(field: string, operator: Operator, value: boolean): PrismaWhere {
  const isBeyond = value === operator.startsWith('<');
  if (operator.endsWith('=')) return isBeyond ? {} : { [field]: value };
  // Nothing fits, in words that Prisma takes: of an empty OR within others it makes what is true.
  return isBeyond ? { [field]: !value } : { AND: [{ [field]: true }, { [field]: false }] };
}

function keyValue(row: object, { column, nulls }: OrderColumn): KeyValue {
  const value: unknown = (row as Record<string, unknown>)[column];
  if (value === null && nulls) return null;
  const kind = kindOf(value);
  if (kind !== undefined) return `${kind}${value instanceof Date ? value.toISOString() : String(value)}`;
  const got = value === undefined ? 'nothing' : value === null ? 'null' : `a value of type ${typeof value}`;
  throw new ReadfleetError(
    'READFLEET_PAGING_FIELD',
    `a row of a page has ${got} in "${column}", by which it is ordered: select the field; say \`nulls\` for one that may be null; ` +
      'order by texts, numbers, booleans or dates.',
  );
}

function kindOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'bigint':
      return 'b';
    case 'boolean':
      return 't';
    default:
      if (value instanceof Date) return 'd';
      // Prisma's Decimal, which takes its own text again.
      return typeof (value as { toFixed?: unknown } | null | undefined)?.toFixed === 'function' ? 's' : undefined;
  }
}

/** @throws PageRequestError `READFLEET_CURSOR_INVALID`: one that is not signed may say anything, and what Prisma gets as undefined it leaves out */
function fieldValue(text: KeyValue): unknown {
  if (text === null) return null;
  try {
    const value = KINDS[text.charAt(0)]?.(text.slice(1));
    if (value !== undefined && !(value instanceof Date && Number.isNaN(value.getTime()))) return value;
  } catch {
    // What is no number for BigInt: refused with the rest.
  }
  throw cursorError('values', 'it does not hold what it should');
}
