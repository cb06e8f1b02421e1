import { type Fragment, joined, type Value } from '../sql/fragment';
import { comparedType } from '../sql/names';
import { orderSql } from '../sql/order';
import type { KeyColumn } from './options';
import { boundOf, type Condition, type KeyValue, type Range, rangesAfter } from './ranges';

/**
 * The values of a row's key columns in one text, exactly as PostgreSQL writes them: what `pg` makes of a timestamp is a Date, which loses its
 * microseconds, and a number loses digits.
 */
export function keySql(keys: readonly KeyColumn[]): string {
  return `json_build_array(${keys.map((key) => `${orderSql(key)}::text`).join(', ')})::text`;
}

/** Each stretch of rows after a cursor, in their order. Without a cursor all rows. */
export function stretches(keys: readonly KeyColumn[], from: readonly KeyValue[] | undefined): readonly Fragment[] {
  if (!from) return [['(true)']];
  const write = writer(keys, from);
  return rangesAfter(keys, from).map((range) => write(range));
}

/** The same in one condition. */
export function afterSql(keys: readonly KeyColumn[], from: readonly KeyValue[] | undefined): Fragment {
  const [first = [], ...others] = stretches(keys, from);
  if (!from || others.length === 0) return first;
  const any = ['(', ...joined([first, ...others], ' or '), ')'];
  const bound = boundOf(keys, from);
  return bound ? ['(', ...writer(keys, from)([bound]), ' and ', ...any, ')'] : any;
}

function writer(keys: readonly KeyColumn[], from: readonly KeyValue[]): (range: Range) => Fragment {
  const values: Value[] = from.map((value) => ({ value }));
  const column = (key: number) => orderSql(keys[key] as KeyColumn);
  const value = (key: number): Fragment => {
    const { type } = keys[key] as KeyColumn;
    // By way of text, so that a driver that types its parameters sends the text that it was given.
    return type === undefined ? [values[key] as Value] : [values[key] as Value, `::text::${comparedType(type)}`];
  };
  const one = (condition: Condition): Fragment => {
    switch (condition.kind) {
      case 'equal':
        return [`${column(condition.key)} = `, ...value(condition.key)];
      case 'null':
        return [`${column(condition.key)} is null`];
      case 'not null':
        return [`${column(condition.key)} is not null`];
      case 'compare': {
        const columns = condition.keys.map(column).join(', ');
        const compared = joined(condition.keys.map(value), ', ');
        if (condition.keys.length === 1) return [`${columns} ${condition.operator} `, ...compared];
        return [`(${columns}) ${condition.operator} (`, ...compared, ')'];
      }
    }
  };
  return (range) => ['(', ...joined(range.map(one), ' and '), ')'];
}
