import type { FunctionCatalogue, RelationEntry } from './catalogue';
import { FUNCTIONS, GUARDED, OPERATORS, STORAGE, TYPES, VIEWS } from './catalogue-queries';

/** Runs one statement without parameters on the primary; `pg`'s own `query` fits. */
export type CatalogueQuery = (sql: string) => Promise<{ rows: unknown[] }>;

/**
 * Reads from a server what names in statements stand for: functions, operators, types, views, policies.
 *
 * Ask the primary: a standby may not have replayed the newest function yet. Any role may read all of it. Some 3000
 * rows, tens of milliseconds; read it again after DDL.
 */
export async function readFunctionCatalogue(query: CatalogueQuery): Promise<FunctionCatalogue> {
  // One after another, so that one connection is enough.
  const functions = grouped(await rowsOf(query, FUNCTIONS), (row) => ({
    schema: row.schema,
    volatile: row.volatile === true,
    unary: row.unary === true,
    ...hiddenOf(row),
  }));
  const operators = grouped(await rowsOf(query, OPERATORS), (row) => ({
    schema: row.schema,
    volatile: row.volatile === true,
  }));
  const types = grouped(await rowsOf(query, TYPES), (row) => ({
    schema: row.schema,
    volatile: row.volatile === true,
    ...hiddenOf(row),
  }));
  const special: CatalogueRow[] = [];
  for (const sql of [VIEWS, GUARDED, STORAGE]) special.push(...(await rowsOf(query, sql)));
  const relations = grouped(special, (row) => ({
    schema: row.schema,
    kind: row.kind as RelationEntry['kind'],
    ...hiddenOf(row),
  }));
  return { source: 'server', functions, operators, types, relations };
}

/** One row of any of the catalogue's queries. */
interface CatalogueRow {
  readonly schema: string;
  readonly name: string;
  readonly volatile?: boolean;
  readonly unary?: boolean;
  readonly kind?: string;
  readonly hidden?: readonly string[] | null;
}

async function rowsOf(query: CatalogueQuery, sql: string): Promise<readonly CatalogueRow[]> {
  return (await query(sql)).rows as readonly CatalogueRow[];
}

function hiddenOf(row: CatalogueRow): { hidden?: readonly string[] } {
  return row.hidden ? { hidden: row.hidden } : {};
}

function grouped<Entry>(
  rows: readonly CatalogueRow[],
  entryOf: (row: CatalogueRow) => Entry,
): ReadonlyMap<string, readonly Entry[]> {
  const map = new Map<string, Entry[]>();
  for (const row of rows) {
    const entries = map.get(row.name);
    if (entries === undefined) map.set(row.name, [entryOf(row)]);
    else entries.push(entryOf(row));
  }
  return map;
}
