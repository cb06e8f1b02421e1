import { escapeIdentifier } from 'pg';
import { comparedType, quoteName } from '../sql/names';
import { orderBySql } from '../sql/order';
import type { Definition } from './definitions';

/** The column that tells for which key a row is: its place among the keys, counted from 1. */
export const PLACE = 'readfleet_place';
/** The column of a count or a sum. */
export const VALUE = 'readfleet_value';

/**
 * Counts, or sums as text, of every key that has any. The keys are the parameter after the caller's own values.
 *
 * A join: PostgreSQL knows how many keys there are, and goes by the index for few of them and through the table for many. Keys come back by their
 * place, so that nobody has to know how a type writes its values.
 */
export function aggregateSql(definition: Definition): string {
  const { of } = definition;
  const value = of === undefined ? 'count(*)::float8' : `sum(${tableOf(definition)}.${escapeIdentifier(of)})::text`;
  return (
    `select ${PLACE}::int, ${value} as ${VALUE} from ${keysSql(definition)} ` +
    `join ${tableOf(definition)} on ${matches(definition)}${condition(definition, 'where')} group by ${PLACE}`
  );
}

/**
 * The rows of every key. With an order or a limit each key is a scan of its own, which ends at the limit and comes in the order of an index on
 * (key, order): the latest of each is one row read for each.
 */
export function rowsSql(definition: Definition): string {
  const { select, orderBy, limit } = definition;
  const columns = select?.map(escapeIdentifier).join(', ') ?? `${tableOf(definition)}.*`;
  const order = orderBy ? ` order by ${orderBySql(orderBy)}` : '';
  const most = limit === undefined ? '' : ` limit ${limit}`;
  const ofKey = `select ${columns} from ${tableOf(definition)} where ${matches(definition)}${condition(definition, 'and')}${order}${most}`;
  return `select ${PLACE}::int, found.* from ${keysSql(definition)} cross join lateral (${ofKey}) found`;
}

function keysSql({ type, values = [] }: Definition): string {
  return `unnest($${values.length + 1}::${comparedType(type)}[]) with ordinality as readfleet_keys (readfleet_key, ${PLACE})`;
}

function matches(definition: Definition): string {
  return `${tableOf(definition)}.${escapeIdentifier(definition.by)} = readfleet_key`;
}

function condition({ where }: Definition, word: 'where' | 'and'): string {
  return where === undefined ? '' : ` ${word} (${where})`;
}

function tableOf({ from }: Definition): string {
  return quoteName(from);
}
