import { ANYTHING, BINDS, certain, DEFINES, type Finding } from './intent';

const WRITES = certain('writes');
const SESSION = certain('session state', BINDS);
const NOT_A_READ = certain('not a read');
const DEFINITION = certain('not a read', DEFINES);

/** A kind of statement nobody has thought about: it may be newer than this list. */
const UNKNOWN = certain('not a read', ANYTHING);

/** Statements that are never reads, by why, and by what they leave behind. */
const STATEMENTS: ReadonlyMap<string, Finding> = new Map([
  ...kinds(WRITES, 'InsertStmt UpdateStmt DeleteStmt MergeStmt TruncateStmt'),
  // The row type of the new table is a name too.
  ...kinds(certain('writes', DEFINES), 'CreateTableAsStmt'),
  ...kinds(certain('transaction control', BINDS), 'ConstraintsSetStmt'),
  ...kinds(certain('locks tables', BINDS), 'LockStmt'),
  // What these leave behind is in the session, and the session that counts is on the primary.
  ...kinds(
    SESSION,
    'VariableSetStmt DiscardStmt PrepareStmt DeallocateStmt DeclareCursorStmt FetchStmt ClosePortalStmt ListenStmt UnlistenStmt LoadStmt',
  ),
  // What was prepared is not known here.
  ...kinds(certain('session state', ANYTHING), 'ExecuteStmt'),
  // The answer depends on what was SET in the session, or on the server's own configuration.
  ...kinds(certain('session state'), 'VariableShowStmt'),
  ...kinds(certain('notifies'), 'NotifyStmt'),
  // COPY (SELECT …) TO STDOUT reads, but speaks a protocol that needs a client checked out and bound to one server.
  ...kinds(certain('copy protocol'), 'CopyStmt'),
  ...kinds(certain('runs a procedure', ANYTHING), 'CallStmt DoStmt'),
  ...kinds(
    DEFINITION,
    `CreateStmt CreateForeignTableStmt CreateSchemaStmt CreateSeqStmt ViewStmt RuleStmt CreateFunctionStmt
    CreateDomainStmt CreateEnumStmt CreateRangeStmt CompositeTypeStmt DefineStmt CreateCastStmt CreateOpClassStmt
    CreateOpFamilyStmt CreatePolicyStmt CreateTransformStmt CreateConversionStmt CreatePLangStmt CreateAmStmt
    CreateFdwStmt ImportForeignSchemaStmt AlterTableStmt AlterTableMoveAllStmt AlterSeqStmt AlterFunctionStmt
    AlterDomainStmt AlterEnumStmt AlterTypeStmt AlterOperatorStmt AlterOpFamilyStmt AlterPolicyStmt AlterFdwStmt
    AlterObjectSchemaStmt AlterObjectDependsStmt AlterOwnerStmt AlterExtensionContentsStmt RenameStmt DropStmt
    DropOwnedStmt`,
  ),
  // The script of an extension may do anything.
  ...kinds(certain('not a read', ANYTHING), 'CreateExtensionStmt AlterExtensionStmt'),
  // Neither a name that a read could use, nor anything in the session. Settings of roles and databases are for new sessions.
  ...kinds(
    NOT_A_READ,
    `VacuumStmt ClusterStmt ReindexStmt RefreshMatViewStmt CheckPointStmt IndexStmt CreateStatsStmt AlterStatsStmt
    CreateTrigStmt CommentStmt SecLabelStmt GrantStmt GrantRoleStmt AlterDefaultPrivilegesStmt ReplicaIdentityStmt
    CreateRoleStmt AlterRoleStmt AlterRoleSetStmt DropRoleStmt ReassignOwnedStmt CreatedbStmt AlterDatabaseStmt
    AlterDatabaseSetStmt AlterDatabaseRefreshCollStmt DropdbStmt CreateTableSpaceStmt AlterTableSpaceOptionsStmt
    DropTableSpaceStmt AlterSystemStmt AlterCollationStmt AlterTSDictionaryStmt AlterTSConfigurationStmt
    CreatePublicationStmt AlterPublicationStmt CreateSubscriptionStmt AlterSubscriptionStmt DropSubscriptionStmt
    CreateEventTrigStmt AlterEventTrigStmt CreateForeignServerStmt AlterForeignServerStmt CreateUserMappingStmt
    AlterUserMappingStmt DropUserMappingStmt`,
  ),
]);

/** What a statement of this kind is, whatever its text; for kinds that are not listed the worst. */
export function ruleOfKind(kind: string): Finding {
  return STATEMENTS.get(kind) ?? UNKNOWN;
}

function kinds(finding: Finding, names: string): (readonly [string, Finding])[] {
  return names.split(/\s+/).map((name) => [name, finding] as const);
}
