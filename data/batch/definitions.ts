import { z } from 'zod';
import { InvalidConfigError } from '../../lib/errors';
import { formatProblems, problemsOf } from '../../lib/problems';
import { nameSchema, typeSchema } from '../sql/names';
import { type OrderColumn, orderColumnSchema } from '../sql/order';

/** Which rows a batch is about. */
export interface BatchRows {
  /** Table or view, also with its schema: `chat.message`. It is quoted: upper and lower case count. */
  readonly from: string;
  /** The column that holds the key. */
  readonly by: string;
  /**
   * The type of that column, as PostgreSQL writes it: `bigint`, `uuid`, `text`. With another one its index may not be used.
   *
   * Its length or precision is not heeded: a key is compared as it is, and never cut off to another. For a domain say the type that it is made of: a
   * domain over `numeric(10,2)` would round.
   */
  readonly type: string;
  /**
   * Which of them, as SQL; `$1` and so on are `values`. It becomes part of the statement as it is: never build it from input.
   * @default - all
   */
  readonly where?: string | undefined;
  /** @default [] */
  readonly values?: readonly unknown[] | undefined;
}

/** Which rows `counts()` counts for each key. */
export type CountsOf = BatchRows;

/** How a sum comes: `number` when it is exact as one (of numeric, as near as a number is), `bigint` for whole numbers, `text` as PostgreSQL writes it. */
export type SumAs = 'number' | 'bigint' | 'text';

/** Which column `sums()` adds up, of which rows, and how a sum comes. */
export interface SumsOf extends BatchRows {
  /** The column that is summed up. */
  readonly of: string;
  /** @default "number" */
  readonly as?: SumAs | undefined;
}

/** In which rows `rowsBy()` looks for that of a key, where `by` is a column that is unique; and what of it comes. */
export interface RowsOf extends BatchRows {
  /** Columns of the rows. @default - all */
  readonly select?: readonly string[] | undefined;
}

/** Of which rows `latest()` gives the first for each key, and in what order. */
export interface LatestOf extends RowsOf {
  /** The first in this order is the latest: `[{ column: 'created_at', direction: 'desc' }]`. End with the primary key, so that equals are told apart. */
  readonly orderBy: readonly OrderColumn[];
}

/** Which rows `many()` gives for each key, in what order, and at most how many. */
export interface ManyOf extends LatestOf {
  /** Most rows of one key. @default - all */
  readonly limit?: number | undefined;
}

/** {@link ManyOf} and {@link SumsOf} in one, checked. */
export type Definition = BatchRows & Partial<SumsOf> & Partial<ManyOf>;

const columnSchema = nameSchema;
const rows = z.strictObject({
  from: nameSchema,
  by: columnSchema,
  type: typeSchema,
  where: z.string('Must be SQL.').min(1, 'Must be SQL.').optional(),
  values: z.array(z.unknown(), 'Must be a list of values.').optional(),
});
const columns = rows.extend({ select: z.array(columnSchema).min(1, 'Must have one column or more.').optional() });
const latest = columns.extend({
  orderBy: z.array(orderColumnSchema, 'Must be a list of columns.').min(1, 'Must have one column or more.'),
});

const SCHEMAS = {
  counts: rows,
  sums: rows.extend({
    of: columnSchema,
    as: z.enum(['number', 'bigint', 'text'], 'Must be "number", "bigint" or "text".').optional(),
  }),
  rowsBy: columns,
  latest,
  many: latest.extend({ limit: z.int('Must be a whole number.').min(1, 'Must be 1 or more.').optional() }),
};

export type Kind = keyof typeof SCHEMAS;

/** @throws InvalidConfigError `READFLEET_BATCH_OPTIONS`, with every problem at once */
export function checkDefinition(kind: Kind, definition: Definition): Definition {
  const result = SCHEMAS[kind].safeParse(definition);
  if (result.success) return result.data as Definition;
  const problems = problemsOf(result.error, definition, 'READFLEET_BATCH_OPTIONS');
  throw new InvalidConfigError('READFLEET_BATCH_OPTIONS', formatProblems(`${kind}() of a batch`, problems), problems);
}
