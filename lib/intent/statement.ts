import { ANYTHING, BINDS, both, certain, type Finding } from './intent';
import type { Names } from './names';
import { ruleOfKind } from './statement-rules';
import { judgeTransaction } from './transaction-control';
import { isTemporary, mentionsTemporary, type Tree, walk } from './walk';

const TEMPORARY = certain('session state', BINDS);

/** What speaks against running one parsed statement on a standby. */
export function judgeStatement(statement: Tree, names: Names): Finding | undefined {
  if ('SelectStmt' in statement) return walk(statement, names);
  if ('ExplainStmt' in statement) return judgeExplain(statement.ExplainStmt as Tree, names);
  for (const kind in statement) return judgeKind(kind, statement[kind] as Tree, names);
  return certain('not understood', ANYTHING);
}

function judgeKind(kind: string, statement: Tree, names: Names): Finding | undefined {
  if (kind === 'TransactionStmt') return judgeTransaction(statement);
  if (createsTemporary(statement)) return TEMPORARY;
  const rule = ruleOfKind(kind);
  if (kind === 'CopyStmt') return judgeCopy(rule, statement, names);
  // Temporary functions, types and what else a temporary schema may hold.
  return rule.intent.ddl && mentionsTemporary(statement) ? certain(rule.intent.reason, ANYTHING) : rule;
}

/**
 * Plain EXPLAIN executes nothing and EXPLAIN ANALYZE what is inside, so that one rule serves both: it is as readable as
 * its statement. The plan of a write is asked of the primary, where the write will run.
 */
function judgeExplain(explain: Tree, names: Names): Finding | undefined {
  return judgeStatement(explain.query as Tree, names);
}

/** Never a read, but the query inside may have an effect of its own: `COPY (SELECT set_config(…)) TO STDOUT`. */
function judgeCopy(rule: Finding, { query }: Tree, names: Names): Finding | undefined {
  return query === undefined ? rule : both(rule, judgeStatement(query as Tree, names));
}

/** Where the kinds of CREATE keep the name of what they create. */
const CREATED = ['relation', 'view', 'sequence'] as const;

/** A temporary table, view or sequence binds what follows to the session that created it. */
function createsTemporary(statement: Tree): boolean {
  const into = statement.into as { rel?: unknown } | undefined;
  return isTemporary(into?.rel) || CREATED.some((field) => isTemporary(statement[field]));
}
