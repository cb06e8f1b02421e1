import type { OrderColumn } from '../sql/order';

/** What a key column of a row holds, as PostgreSQL writes it; null is NULL. */
export type KeyValue = string | null;

/** One condition on key columns, by their place in the ordering. */
export type Condition =
  | { readonly kind: 'equal'; readonly key: number }
  | { readonly kind: 'null'; readonly key: number }
  | { readonly kind: 'not null'; readonly key: number }
  /** Several keys: a comparison of rows, `(a, b) < (1, 2)`. */
  | { readonly kind: 'compare'; readonly keys: readonly number[]; readonly operator: Operator };

export type Operator = '<' | '>' | '<=' | '>=';

/** All of them hold: one stretch of an index whose columns are those of the ordering. */
export type Range = readonly Condition[];

/**
 * The rows after one row, as stretches of the index: they do not overlap, and come in the order of the rows in them.
 *
 * One stretch, by a comparison of rows, where every direction is the same and nothing is NULL; else rows that share the first columns with the
 * cursor come first, then those beyond. (`(a asc, b desc)` after `(1, 2)`: `a = 1 and b < 2`, then `a > 1`.)
 *
 * @param values  where the row stands, a value for each key
 * @param longest most keys in one comparison, for those who cannot compare rows
 */
export function rangesAfter(
  keys: readonly OrderColumn[],
  values: readonly KeyValue[],
  longest = Number.POSITIVE_INFINITY,
): readonly Range[] {
  let ranges: Range[] = [];
  let same: Range = [];
  for (let start = 0; start < keys.length; ) {
    const run = runFrom(keys, start, longest);
    const shared = same;
    // What shares more with the cursor is nearer to it.
    ranges = [...beyond(run, keys, values).map((range) => [...shared, ...range]), ...ranges];
    same = [...same, ...run.map((key) => sameAs(key, values))];
    start += run.length;
  }
  return ranges;
}

/**
 * One condition that holds for every row after: where the stretches are joined by OR, it is what lets the index begin at the cursor.
 *
 * Undefined where no single condition does, because NULLs stand at the other end.
 */
export function boundOf(
  keys: readonly OrderColumn[],
  values: readonly KeyValue[],
  longest = Number.POSITIVE_INFINITY,
): Condition | undefined {
  const run = runFrom(keys, 0, longest);
  const nulls = keys[0]?.nulls;
  if (values[0] === null) return nulls === 'last' ? { kind: 'null', key: 0 } : undefined;
  if (nulls === 'last') return undefined;
  return { kind: 'compare', keys: run, operator: keys[0]?.direction === 'desc' ? '<=' : '>=' };
}

/** The keys from one on that can be compared as a row: all in one direction, none NULL; or a single key. */
function runFrom(keys: readonly OrderColumn[], start: number, longest: number): number[] {
  const first = keys[start];
  const run = [start];
  if (first?.nulls) return run;
  for (let key = start + 1; key < keys.length && run.length < longest; key += 1) {
    const next = keys[key];
    if (next?.nulls || directionOf(next) !== directionOf(first)) break;
    run.push(key);
  }
  return run;
}

/** The rows past the values of a run, its nearest first. */
function beyond(run: readonly number[], keys: readonly OrderColumn[], values: readonly KeyValue[]): readonly Range[] {
  const [key = 0] = run;
  const nulls = keys[key]?.nulls;
  if (values[key] === null) return nulls === 'first' ? [[{ kind: 'not null', key }]] : [];
  const past: Range = [{ kind: 'compare', keys: run, operator: directionOf(keys[key]) === 'desc' ? '<' : '>' }];
  return nulls === 'last' ? [past, [{ kind: 'null', key }]] : [past];
}

function sameAs(key: number, values: readonly KeyValue[]): Condition {
  return { kind: values[key] === null ? 'null' : 'equal', key };
}

function directionOf(column: OrderColumn | undefined): 'asc' | 'desc' {
  return column?.direction ?? 'asc';
}
