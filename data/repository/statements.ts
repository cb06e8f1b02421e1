import type { Column, Table } from './definition';
import { refused, told } from './errors';
import { type Given, given } from './given';

/**
 * What a repository sends. Names are quoted and come from its definition alone; everything else is a parameter.
 *
 * Texts depend on which columns are given, never on their order or their values: the classifier knows each after its first time.
 */
export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** Rows of a read that names no limit. */
export const DEFAULT_LIMIT = 100;
/** The most that it may ask for. */
export const MAX_LIMIT = 1_000;

/** What PostgreSQL can number: 16 bits. */
const MOST_PARAMETERS = 65_535;

export function selectById(table: Table, id: unknown): Statement {
  const values: unknown[] = [];
  return { text: `select ${table.list} from ${table.quoted} where ${idSql(table, id, values)}`, values };
}

/** @param options as a caller in JavaScript may give them */
export function selectMany(
  table: Table,
  where: unknown,
  { orderBy, limit = DEFAULT_LIMIT }: { readonly orderBy?: unknown; readonly limit?: unknown } = {},
): Statement {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MAX_LIMIT)
    throw refused(
      table.label,
      `\`limit\` must be a whole number, 1 to ${MAX_LIMIT}, got: ${String(limit)}. For more rows, read them in pages: readfleet/paging.`,
    );
  const values: unknown[] = [];
  const conditions = [...given(table, where, 'where', 'refuse')].map(([column, value]) =>
    conditionSql(table, column, value, values),
  );
  const order = orderBySql(table, orderBy);
  const text = [
    `select ${table.list} from ${table.quoted}`,
    conditions.length > 0 && `where ${conditions.join(' and ')}`,
    order && `order by ${order}`,
    `limit $${values.push(limit)}`,
  ];
  return { text: text.filter(Boolean).join(' '), values };
}

/** Rows that differ in their columns get the default where they lack one. */
export function insertRows(table: Table, rows: readonly unknown[]): Statement {
  const cells = rows.map((row) => given(table, row, 'row', 'leave'));
  const used = [...table.columns.values()].filter((column) => cells.some((row) => row.has(column)));
  // Without any column each row still has a place for one, and its default in it.
  const columns = used.length > 0 ? used : table.id.slice(0, 1);
  const parameters = cells.reduce((sum, row) => sum + row.size, 0);
  if (parameters > MOST_PARAMETERS)
    throw refused(
      table.label,
      `${rows.length} rows need ${parameters} parameters, and PostgreSQL takes ${MOST_PARAMETERS} in one statement. ` +
        `Insert up to ${Math.floor(MOST_PARAMETERS / columns.length)} rows of these columns at a time, in one transaction if they belong together.`,
    );
  const values: unknown[] = [];
  const lists = cells.map((row) => {
    const list = columns.map((column) =>
      row.has(column) ? `$${values.push(bound(table, column, row.get(column)))}` : 'default',
    );
    return `(${list.join(', ')})`;
  });
  const names = columns.map(({ quoted }) => quoted).join(', ');
  return {
    text: `insert into ${table.quoted} (${names}) values ${lists.join(', ')} returning ${table.list}`,
    values,
  };
}

/** @returns undefined when there is nothing to change */
export function updateById(table: Table, id: unknown, changes: unknown, options?: unknown): Statement | undefined {
  const cells = given(table, changes, 'changes', 'leave');
  for (const column of cells.keys()) {
    if (table.id.includes(column))
      throw refused(table.label, `\`changes\` has ${column.name}, which is of the identifier: leave it out.`);
    if (column === table.version)
      throw refused(
        table.label,
        `\`changes\` has ${column.name}, which the repository counts: leave it out, and give { version } as the last argument.`,
      );
  }
  const values: unknown[] = [];
  const sets = [...cells].map(([column, value]) => `${column.quoted} = $${values.push(bound(table, column, value))}`);
  if (table.version) sets.push(`${table.version.quoted} = ${table.version.quoted} + 1`);
  const where = rowSql(table, id, options, values);
  if (cells.size === 0) return undefined;
  return { text: `update ${table.quoted} set ${sets.join(', ')} where ${where} returning ${table.list}`, values };
}

export function deleteById(table: Table, id: unknown, options?: unknown): Statement {
  const values: unknown[] = [];
  const where = rowSql(table, id, options, values);
  return { text: `delete from ${table.quoted} where ${where} returning ${table.list}`, values };
}

/** A row by its identifier, and by its version where one is asked for. */
function rowSql(table: Table, id: unknown, options: unknown, values: unknown[]): string {
  const where = idSql(table, id, values);
  if (options === undefined) return where;
  if (!table.version)
    throw refused(table.label, 'a version was given, and the definition of the repository names no `version` column.');
  const { version } = (options ?? {}) as { version?: unknown };
  // Whoever asks for the check must not lose it to a row that was read without its version.
  if (version === undefined || version === null)
    throw refused(table.label, `the last argument must be { version } with the version of the row, got: ${version}.`);
  return `${where} and ${table.version.quoted} = $${values.push(version)}`;
}

function idSql(table: Table, id: unknown, values: unknown[]): string {
  if (table.composite && (typeof id !== 'object' || id === null))
    throw refused(
      table.label,
      `an identifier must be an object with ${table.id.map(({ name }) => name).join(', ')}, got: ${told(id)}.`,
    );
  return table.id
    .map((column) => {
      const value = table.composite ? (id as Given)[column.name] : id;
      // To PostgreSQL both are NULL, which is equal to nothing: the row would just not be found.
      if (value === undefined || value === null)
        throw refused(table.label, `an identifier must have a value, got: ${column.name}: ${value}.`);
      return `${column.quoted} = $${values.push(value)}`;
    })
    .join(' and ');
}

function conditionSql(table: Table, column: Column, value: unknown, values: unknown[]): string {
  if (value === null) return `${column.quoted} is null`;
  if (column.kind === 'json')
    throw refused(table.label, `\`where\` asks for ${column.name}, which is JSON: only null can be asked for.`);
  if (!Array.isArray(value)) return `${column.quoted} = $${values.push(value)}`;
  if (value.some((one) => one === undefined || one === null))
    throw refused(
      table.label,
      `\`where\` has a list for ${column.name} with null or undefined in it, which no row would be found by. Take it out.`,
    );
  return `${column.quoted} = any($${values.push(value)})`;
}

function orderBySql(table: Table, orderBy: unknown): string {
  if (orderBy === undefined) return table.id.map(({ quoted }) => quoted).join(', ');
  if (!Array.isArray(orderBy)) throw refused(table.label, `\`orderBy\` must be a list, got: ${told(orderBy)}.`);
  return orderBy
    .map((order: { readonly column?: unknown; readonly direction?: unknown; readonly nulls?: unknown } | null) => {
      const { column: name, direction = 'asc', nulls } = order ?? {};
      const column = table.columns.get(name as string);
      if (!column) {
        const names = [...table.columns.keys()].join(', ');
        throw refused(table.label, `\`orderBy\` names ${told(name)}, which is no column. There are: ${names}.`);
      }
      if (direction !== 'asc' && direction !== 'desc')
        throw refused(table.label, `\`orderBy\` must say "asc" or "desc" for ${column.name}, got: ${told(direction)}.`);
      if (nulls !== undefined && nulls !== 'first' && nulls !== 'last')
        throw refused(table.label, `\`orderBy\` must say "first" or "last" for nulls, got: ${told(nulls)}.`);
      return `${column.quoted} ${direction}${nulls ? ` nulls ${nulls}` : ''}`;
    })
    .join(', ');
}

/** What is sent for a value of a column. */
function bound(table: Table, column: Column, value: unknown): unknown {
  // NULL, and not the null of JSON.
  if (column.kind === 'value' || value === null) return value;
  const json = JSON.stringify(value);
  if (json === undefined) throw refused(table.label, `${column.name} is JSON, and got what has none: ${told(value)}.`);
  return json;
}
