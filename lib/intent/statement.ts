import { certain, type Finding } from './intent';
import type { Names } from './names';
import { isTemporary, type Tree, walk } from './walk';

const WRITES = certain('writes');
const TRANSACTION = certain('transaction control');
const SESSION = certain('session state');
const COPY = certain('copy protocol');
const PROCEDURE = certain('runs a procedure');
const NOT_A_READ = certain('not a read');

/** Statements that are never reads, by why. Whatever is not listed is not a read either. */
const STATEMENTS: Readonly<Record<string, Finding>> = {
  InsertStmt: WRITES,
  UpdateStmt: WRITES,
  DeleteStmt: WRITES,
  MergeStmt: WRITES,
  TruncateStmt: WRITES,
  CreateTableAsStmt: WRITES,
  TransactionStmt: TRANSACTION,
  ConstraintsSetStmt: TRANSACTION,
  LockStmt: certain('locks tables'),
  // What these leave behind is in the session, and the session that counts is on the primary.
  VariableSetStmt: SESSION,
  DiscardStmt: SESSION,
  PrepareStmt: SESSION,
  ExecuteStmt: SESSION,
  DeallocateStmt: SESSION,
  DeclareCursorStmt: SESSION,
  FetchStmt: SESSION,
  ClosePortalStmt: SESSION,
  ListenStmt: SESSION,
  UnlistenStmt: SESSION,
  LoadStmt: SESSION,
  // The answer depends on what was SET in the session, or on the server's own configuration.
  VariableShowStmt: SESSION,
  NotifyStmt: certain('notifies'),
  // COPY (SELECT …) TO STDOUT reads, but speaks a protocol that needs a client checked out and bound to one server.
  CopyStmt: COPY,
  CallStmt: PROCEDURE,
  DoStmt: PROCEDURE,
};

/** What speaks against running one parsed statement on a standby. */
export function judgeStatement(statement: Tree, names: Names): Finding | undefined {
  if ('SelectStmt' in statement) return walk(statement, names);
  if ('ExplainStmt' in statement) return judgeExplain(statement.ExplainStmt as Tree, names);
  for (const kind in statement) {
    if (createsTemporary(statement[kind] as Tree)) return SESSION;
    return STATEMENTS[kind] ?? NOT_A_READ;
  }
  return certain('not understood');
}

/**
 * Plain EXPLAIN executes nothing and EXPLAIN ANALYZE what is inside, so that one rule serves both: it is as readable as
 * its statement. The plan of a write is asked of the primary, where the write will run.
 */
function judgeExplain(explain: Tree, names: Names): Finding | undefined {
  return judgeStatement(explain.query as Tree, names);
}

/** Where the kinds of CREATE keep the name of what they create. */
const CREATED = ['relation', 'view', 'sequence'] as const;

/** A temporary table, view or sequence binds what follows to the session that created it. */
function createsTemporary(statement: Tree): boolean {
  const into = statement.into as { rel?: unknown } | undefined;
  return isTemporary(into?.rel) || CREATED.some((field) => isTemporary(statement[field]));
}
