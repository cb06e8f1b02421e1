import { BUILTIN_OPERATORS, BUILTIN_STABLE, BUILTIN_TYPES, BUILTIN_VOLATILE } from './builtins';

/** All overloads of one function name in one schema, as one: volatile if any of them is. */
export interface FunctionEntry {
  readonly schema: string;
  readonly volatile: boolean;
  /** Whether it can be called with one argument, and so written as if it were a column: `(x).f` or `t.f`. */
  readonly unary: boolean;
  /** Expressions that run although the caller did not write them: the defaults of its parameters. */
  readonly hidden?: readonly string[];
}

/** All operators of one name in one schema, as one: volatile if any of them is. */
export interface OperatorEntry {
  readonly schema: string;
  /** Whether the function behind it is volatile. */
  readonly volatile: boolean;
}

/** One type, by what may run when a value becomes one of it: input, casts, and the checks of a domain. */
export interface TypeEntry {
  readonly schema: string;
  /** Whether its input function, or a cast to it, is volatile. */
  readonly volatile: boolean;
  /** The CHECK expressions of a domain, and the domains in a composite, as whole statements. */
  readonly hidden?: readonly string[];
}

/** A relation of which reading is more than reading its rows. Plain tables are not listed. */
export interface RelationEntry {
  readonly schema: string;
  /** `unlogged` and `foreign` also stand for a table with such a partition or child. */
  readonly kind: 'view' | 'guarded' | 'sequence' | 'unlogged' | 'foreign';
  /** The query of a view, or the row-security expressions of a guarded table, as whole statements. */
  readonly hidden?: readonly string[];
}

/**
 * What a statement's names stand for. It holds more than functions, because functions hide: behind operators and
 * casts, in views and policies, in the checks of domains and the defaults of parameters.
 *
 * Names are as PostgreSQL stores them: folded, without quotes. One name may have an entry per schema.
 */
export interface FunctionCatalogue {
  /** `builtin` knows PostgreSQL's own names only; `server` is complete as of when it was read. */
  readonly source: 'builtin' | 'server';
  readonly functions: ReadonlyMap<string, readonly FunctionEntry[]>;
  readonly operators: ReadonlyMap<string, readonly OperatorEntry[]>;
  readonly types: ReadonlyMap<string, readonly TypeEntry[]>;
  readonly relations: ReadonlyMap<string, readonly RelationEntry[]>;
}

/** The entries of a name that a reference may mean; without a schema all of them, because search_path is not known. */
export function resolve<Entry extends { readonly schema: string }>(
  map: ReadonlyMap<string, readonly Entry[]>,
  schema: string | undefined,
  name: string,
): readonly Entry[] {
  const entries = map.get(name);
  if (entries === undefined) return [];
  return schema === undefined ? entries : entries.filter((entry) => entry.schema === schema);
}

/** PostgreSQL's own functions, operators and types, for as long as no server has been asked. */
export function builtinCatalogue(): FunctionCatalogue {
  const schema = 'pg_catalog';
  const functions = new Map<string, readonly FunctionEntry[]>();
  // Whether a built-in is unary does not matter to a name that is safe, and is assumed of one that is not.
  for (const name of BUILTIN_STABLE) functions.set(name, [{ schema, volatile: false, unary: true }]);
  for (const name of BUILTIN_VOLATILE) functions.set(name, [{ schema, volatile: true, unary: true }]);
  const plain = [{ schema, volatile: false }];
  return {
    source: 'builtin',
    functions,
    operators: new Map(BUILTIN_OPERATORS.map((name) => [name, plain])),
    types: new Map(BUILTIN_TYPES.map((name) => [name, plain])),
    relations: new Map(),
  };
}
