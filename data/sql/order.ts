import { z } from 'zod';
import { nameSchema, quoteName } from './names';

/** One column of an ORDER BY. */
export interface OrderColumn {
  /** Its name, also with a table's before a dot. It is quoted: upper and lower case count. */
  readonly column: string;
  /** @default "asc" */
  readonly direction?: 'asc' | 'desc' | undefined;
  /**
   * Where its NULLs stand. Say it for a column that may be NULL, and say what its index says: PostgreSQL's own default is `last` for `asc`, and
   * `first` for `desc`.
   * @default - the column is NOT NULL
   */
  readonly nulls?: 'first' | 'last' | undefined;
  /** SQL, where it is no plain column: `lower(name)`. `column` is its name then. It becomes part of the statement as it is: never build it from input. */
  readonly expression?: string | undefined;
}

export const orderColumnSchema = z.strictObject({
  column: nameSchema,
  direction: z.enum(['asc', 'desc'], 'Must be "asc" or "desc".').optional(),
  nulls: z.enum(['first', 'last'], 'Must be "first" or "last"; leave it out for a column that is NOT NULL.').optional(),
  expression: z.string('Must be SQL.').min(1, 'Must be SQL.').optional(),
});

/** What is sorted by, as SQL. */
export function orderSql({ column, expression }: OrderColumn): string {
  return expression === undefined ? quoteName(column) : `(${expression})`;
}

/** An ORDER BY, without the words. */
export function orderBySql(columns: readonly OrderColumn[]): string {
  return columns
    .map((column) => {
      const nulls = column.nulls ? ` nulls ${column.nulls}` : '';
      return `${orderSql(column)} ${column.direction ?? 'asc'}${nulls}`;
    })
    .join(', ');
}

/** The same rows from the end to the beginning. */
export function reversed<Column extends OrderColumn>(columns: readonly Column[]): Column[] {
  return columns.map((column) => ({
    ...column,
    direction: column.direction === 'desc' ? 'asc' : 'desc',
    ...(column.nulls && { nulls: column.nulls === 'first' ? 'last' : 'first' }),
  }));
}
