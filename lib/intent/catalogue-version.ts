import type { CatalogueQuery } from './read-catalogue';

/** Objects that users make are numbered from here; initdb's have smaller numbers (FirstNormalObjectId). */
const FIRST_OWN = 16384;
const NOT_TEMPORARY = `!~ '^pg_(toast_)?temp_'`;

/** A row that is another one after each change: `xmin` is the transaction that wrote it. */
function rewritten(row: string, key = `${row}.oid`): string {
  return `SELECT pg_catalog.hashtextextended(${row}.xmin::text, ${key}::int8) AS thing`;
}

/** A thing of which these columns count, because its row is rewritten for other reasons too. */
function described(key: string, text: string): string {
  return `SELECT pg_catalog.hashtextextended(${text}, ${key}::int8) AS thing`;
}

/**
 * All that the catalogue's queries look at. What is temporary belongs to one session and is left out, and of `pg_class`
 * the columns count: TRUNCATE, REINDEX and REFRESH rewrite its rows.
 */
const THINGS = [
  `${described('n.oid', 'n.nspname::text')} FROM pg_catalog.pg_namespace n WHERE n.nspname ${NOT_TEMPORARY}`,
  `${rewritten('p')} FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname ${NOT_TEMPORARY}`,
  `${rewritten('t')} FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname ${NOT_TEMPORARY}`,
  `${rewritten('o')} FROM pg_catalog.pg_operator o`,
  `${rewritten('c')} FROM pg_catalog.pg_cast c`,
  `${rewritten('k')} FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0`,
  `${rewritten('g')} FROM pg_catalog.pg_policy g`,
  `${rewritten('w')} FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
    WHERE c.relkind = 'v' AND c.relpersistence <> 't'`,
  `${described('i.inhrelid', 'i.inhparent::text')} FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE c.relkind NOT IN ('i', 'I') AND c.relpersistence <> 't'`,
  `${described('c.oid', `pg_catalog.concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relnamespace, c.relname)`)}
    FROM pg_catalog.pg_class c WHERE c.relpersistence <> 't'
      AND (c.relkind IN ('v', 'S', 'f') OR (c.relpersistence = 'u' AND c.relkind IN ('r', 'm')) OR c.relrowsecurity)`,
  // Columns of composite types and domains, and of their arrays: a value of the row is checked as they are.
  `${rewritten('a', '(a.attrelid::int8 << 16) + a.attnum')} FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
    WHERE a.attrelid >= ${FIRST_OWN} AND a.attnum > 0 AND c.relpersistence <> 't'
      AND (t.typtype IN ('c', 'd') OR e.typtype IN ('c', 'd'))`,
];

/** A sum, because rows come in no order; of hashes, so that it tells which rows and not only how many. */
const VERSION = `
  SELECT pg_catalog.count(*) || ':' || pg_catalog.sum(thing) AS version
  FROM (${THINGS.join('\n  UNION ALL\n  ')}) things`;

/**
 * A short text that is another one whenever anything has changed of what `readFunctionCatalogue` reads, whoever changed
 * it. Writing rows, TRUNCATE, maintenance, temporary objects and plain indexes do not change it; a new table does, by
 * the name of its row type.
 *
 * One statement, some ten times cheaper than reading the catalogue; for any role, on any server since PostgreSQL 12.
 * Comparable with what the same server said before.
 *
 * @throws what the server says
 */
export async function catalogueVersion(query: CatalogueQuery): Promise<string> {
  const [row] = (await query(VERSION)).rows as readonly { readonly version: string }[];
  if (row === undefined) throw new Error('the server gave no row for the version of its catalogue');
  return row.version;
}
