import { InvalidConfigError } from '../../lib/errors';
import { formatProblems, type Problem } from '../../lib/problems';
import { identifierProblem, quote } from '../sql/identifier';
import type { ColumnOf, IdColumns } from './types';

/**
 * How a column's values travel.
 *
 * - `value`: as `pg` sends them: texts, numbers, booleans, bigints, dates, buffers, and lists for arrays
 * - `json`: as JSON, for `json` and `jsonb`: `pg` would send a list as an array of PostgreSQL's, which is no JSON
 */
export type ColumnKind = 'value' | 'json';

/** A table, as a repository has to know it. */
export interface RepositoryDefinition<Row, Id extends IdColumns<Row>> {
  /** `orders`, `public.orders`, or in two parts where a dot is a part of a name. Names are quoted: capitals count. */
  readonly table: string | { readonly schema: string; readonly table: string };
  /** What tells every row from every other: the primary key. */
  readonly id: Id;
  /** Every column of a row. Others of the table are never asked for. */
  readonly columns: { readonly [Column in ColumnOf<Row>]-?: ColumnKind };
  /**
   * A whole number, `not null`, that counts the changes of a row: every update adds 1 to it.
   * @default - none: `update` and `delete` take no version
   */
  readonly version?: ColumnOf<Row>;
  /**
   * Under which the repository's reads are routed and measured, where they name none themselves.
   * @default - none
   */
  readonly endpoint?: string;
}

export interface Column {
  readonly name: string;
  readonly quoted: string;
  readonly kind: ColumnKind;
}

/** A definition that was checked, in the words of SQL. */
export interface Table {
  /** For messages. */
  readonly label: string;
  /** Quoted, with its schema where it has one. */
  readonly quoted: string;
  /** In the order of the definition: statements keep to it, whatever the order of what they are given. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly id: readonly Column[];
  /** Whether an identifier is an object with several columns. */
  readonly composite: boolean;
  readonly version: Column | undefined;
  /** The columns of a row, for SELECT and RETURNING. */
  readonly list: string;
}

/** What a definition may be in JavaScript. */
interface Given {
  readonly table?: unknown;
  readonly id?: unknown;
  readonly columns?: unknown;
  readonly version?: unknown;
}

const PARTS: readonly string[] = [
  'table',
  'id',
  'columns',
  'version',
  'endpoint',
] satisfies (keyof RepositoryDefinition<object, never>)[];
const KINDS: readonly unknown[] = ['value', 'json'] satisfies ColumnKind[];

/** @throws InvalidConfigError `READFLEET_REPOSITORY_INVALID`, with every problem at once */
export function tableOf(definition: Given): Table {
  const problems: Problem[] = [];
  const say = (path: string, got: unknown, message: string) =>
    problems.push({ code: 'READFLEET_REPOSITORY_INVALID', path, got, message });
  const { table, id, columns, version } = definition ?? {};
  // Version checks that are silently none, since their word was misspelt, would lose updates.
  for (const key of Object.keys(definition ?? {})) {
    if (!PARTS.includes(key))
      say(key, definition[key as keyof Given], `There is no such part. There are: ${PARTS.join(', ')}.`);
  }

  const parts = partsOf(table);
  if (parts === undefined) say('table', table, 'Must be `table`, `schema.table`, or { schema, table }.');
  for (const part of parts ?? []) {
    const problem = identifierProblem(part);
    if (problem) say('table', part, problem);
  }

  const known = new Map<string, Column>();
  for (const [name, kind] of Object.entries(columns ?? {})) {
    const problem = identifierProblem(name);
    if (problem) say('columns', name, problem);
    if (!KINDS.includes(kind)) say(`columns.${name}`, kind, 'Must be "value" or "json".');
    known.set(name, { name, quoted: quote(name), kind: kind as ColumnKind });
  }
  if (known.size === 0) say('columns', columns, 'Must name every column of a row: { id: "value", details: "json" }.');

  const names = [...known.keys()].join(', ');
  const column = (path: string, name: unknown): Column[] => {
    const found = known.get(name as string);
    if (found?.kind === 'value') return [found];
    say(path, name, found ? 'Must be a column of kind "value".' : `Must be one of the columns: ${names}.`);
    return [];
  };
  const ids: unknown[] = Array.isArray(id) ? id : [id];
  if (ids.length === 0) say('id', id, 'Must name a column, or several.');
  if (new Set(ids).size < ids.length) say('id', id, 'Must name a column once.');
  const idColumns = ids.flatMap((name) => column('id', name));
  const versionColumn = version === undefined ? undefined : column('version', version)[0];
  if (version !== undefined && ids.includes(version)) say('version', version, 'Must not be of the identifier.');

  if (problems.length > 0) {
    const text = formatProblems('repository definition', problems);
    throw new InvalidConfigError('READFLEET_REPOSITORY_INVALID', text, problems);
  }
  return {
    label: (parts ?? []).join('.'),
    quoted: (parts ?? []).map(quote).join('.'),
    columns: known,
    id: idColumns,
    composite: Array.isArray(id),
    version: versionColumn,
    list: [...known.values()].map(({ quoted }) => quoted).join(', '),
  };
}

function partsOf(table: unknown): string[] | undefined {
  if (typeof table === 'string') {
    const parts = table.split('.');
    return parts.length <= 2 ? parts : undefined;
  }
  if (typeof table !== 'object' || table === null) return undefined;
  const { schema, table: name } = table as { schema?: unknown; table?: unknown };
  return [schema, name] as string[];
}
