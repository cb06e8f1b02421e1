import { BINDS, both, certain, DEFINES, type Finding } from './intent';
import type { Names } from './names';
import { isTemporarySchema } from './relation-rules';

/** A node of the parse tree as libpg-query gives it: `{ Kind: { field: … } }`, or the fields alone where the kind is fixed. */
export type Tree = { readonly [key: string]: unknown };

/**
 * Every kind of node that may occur in a read. An allow-list: a kind that a later PostgreSQL adds goes to the primary
 * until somebody has thought about it.
 */
const KINDS: ReadonlySet<string> = new Set(
  `SelectStmt ResTarget ColumnRef A_Star A_Const Integer Float Boolean String BitString List ParamRef
  A_Expr BoolExpr NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr SubLink RowExpr NamedArgExpr
  A_ArrayExpr A_Indices A_Indirection TypeCast TypeName CollateClause SQLValueFunction FuncCall GroupingFunc
  RangeVar RangeSubselect RangeFunction RangeTableSample RangeTableFunc RangeTableFuncCol JoinExpr ColumnDef
  SortBy WindowDef GroupingSet WithClause CommonTableExpr CTESearchClause CTECycleClause
  XmlExpr XmlSerialize JsonFormat JsonReturning JsonValueExpr JsonKeyValue JsonOutput JsonBehavior JsonArgument
  JsonFuncExpr JsonIsPredicate JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonTable JsonTableColumn
  JsonTablePathSpec JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonAggConstructor
  JsonObjectAgg JsonArrayAgg JsonConstructorExpr`.split(/\s+/),
);

/** Sampling methods that read and do nothing else: PostgreSQL's own and those of its two contrib modules. */
const SAMPLING: ReadonlySet<string> = new Set(['bernoulli', 'system', 'system_rows', 'system_time']);

const A = 65;
const Z = 90;

/** What a write does to the session is not looked for: a session in which something was written stays where it is. */
const WRITES = certain('writes');
const CREATES = certain('writes', DEFINES);
const CREATES_TEMPORARY = certain('session state', BINDS);
const LOCKS = certain('locks rows');

/**
 * Whether anything in a SELECT, at any depth, speaks against a standby.
 *
 * The walk is generic: it looks at every node rather than at the clauses it knows of, and keeps its own stack, so that
 * a deep statement cannot exhaust the caller's. Of several findings a certain one wins, and the walk goes on for as long
 * as the session may still turn out to be affected.
 */
export function walk(select: unknown, names: Names): Finding | undefined {
  const stack: unknown[] = [select];
  let found: Finding | undefined;
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      for (let i = node.length - 1; i >= 0; i--) if (typeof node[i] === 'object') stack.push(node[i]);
      continue;
    }
    const tree = node as Tree;
    for (const key in tree) {
      const value = tree[key];
      if (typeof value !== 'object' || value === null) continue;
      const finding = judge(key, value as Tree, names);
      if (finding !== undefined) {
        found = both(found, finding);
        if (found?.arguable === false && found.intent.session !== undefined) return found;
        // Nothing more is to be known of these, nor do their parts occur in a read.
        if (finding === WRITES || finding === LOCKS) continue;
      }
      stack.push(value);
    }
  }
  return found;
}

function judge(key: string, value: Tree, names: Names): Finding | undefined {
  const first = key.charCodeAt(0);
  if (first < A || first > Z) return judgeField(key, value, names);
  switch (key) {
    case 'FuncCall': {
      const [schema, name] = qualified(value.funcname);
      return names.function(schema, name);
    }
    case 'RangeVar':
      return names.relation(value.schemaname as string | undefined, value.relname as string);
    case 'ColumnRef':
      return judgeColumn(value.fields as readonly Tree[], names);
    case 'A_Indirection':
      return judgeIndirection(value.indirection as readonly Tree[], names);
    case 'A_Expr':
      return judgeOperator(value, names);
    case 'SubLink':
      return value.operName === undefined ? undefined : operator(value.operName, names);
    case 'SortBy':
      return value.useOp === undefined ? undefined : operator(value.useOp, names);
    case 'TypeName':
      return type(value, names);
    case 'RangeTableSample': {
      const [, method] = qualified(value.method);
      return SAMPLING.has(method) ? undefined : certain(`unknown sampling method ${method}`, BINDS);
    }
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return WRITES;
    default:
      return KINDS.has(key) ? undefined : certain(`not understood: ${key}`, BINDS);
  }
}

/** Fields whose kind is fixed, so that the tree does not name it. */
function judgeField(key: string, value: Tree, names: Names): Finding | undefined {
  switch (key) {
    case 'lockingClause':
      return LOCKS;
    case 'intoClause':
      return isTemporary(value.rel) ? CREATES_TEMPORARY : CREATES;
    case 'typeName':
      return type(value, names);
    default:
      return undefined;
  }
}

/** Whether a name in a definition is that of a temporary object: by keyword, or by its schema. */
export function isTemporary(name: unknown): boolean {
  const { relpersistence, schemaname } = (name ?? {}) as { relpersistence?: string; schemaname?: string };
  return relpersistence === 't' || (schemaname !== undefined && isTemporarySchema(schemaname));
}

/** Whether a statement has to do with a temporary object anywhere: by keyword, or by the name of a schema. */
export function mentionsTemporary(statement: Tree): boolean {
  const stack: unknown[] = [statement];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node === 'string' ? isTemporarySchema(node) : isTemporary(node)) return true;
    if (typeof node === 'object' && node !== null) stack.push(...Object.values(node));
  }
  return false;
}

function judgeColumn(fields: readonly Tree[], names: Names): Finding | undefined {
  if (fields.length < 2) return undefined;
  const name = text(fields.at(-1));
  return name === undefined ? undefined : names.field(name, false);
}

function judgeIndirection(steps: readonly Tree[], names: Names): Finding | undefined {
  let found: Finding | undefined;
  for (const step of steps) {
    const name = text(step);
    const finding = name === undefined ? undefined : names.field(name, true);
    found = both(found, finding);
  }
  return found;
}

function judgeOperator(expression: Tree, names: Names): Finding | undefined {
  // BETWEEN is named after itself and means >= and <=, which are looked up where they are written.
  if ((expression.kind as string).includes('BETWEEN')) return undefined;
  return operator(expression.name, names);
}

function operator(path: unknown, names: Names): Finding | undefined {
  const [schema, name] = qualified(path);
  return names.operator(schema, name);
}

function type(typeName: Tree, names: Names): Finding | undefined {
  const [schema, name] = qualified(typeName.names);
  return names.type(schema, name);
}

/** `[schema, name]` of a name that may have a database and a schema before it. */
function qualified(path: unknown): [string | undefined, string] {
  const parts = path as readonly Tree[];
  return [text(parts.at(-2)), text(parts.at(-1)) ?? ''];
}

function text(node: Tree | undefined): string | undefined {
  return (node?.String as { sval?: string } | undefined)?.sval;
}
