import type { ParameterSpec } from '../spec';

/** A parameter that the server at hand does not have. */
export interface Addition {
  readonly spec: ParameterSpec;
  /** For editors, as PostgreSQL's `short_desc`. */
  readonly doc: string;
}

const MAX_INT = 2_147_483_647;
const LEVELS = ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'info', 'notice', 'warning', 'error', 'log', 'fatal'];
const FORCED_LEVELS = ['disabled', ...LEVELS, 'panic'];
const ON_OFF = ['off', 'on'] as const;

/**
 * RDS's own parameters. Kinds, ranges and what needs a restart are from `describe-db-cluster-parameters` of Aurora PostgreSQL 14
 * (a published listing) and from AWS's pages on the feature, as of 2026. Of three, no source says whether they need a restart:
 * they go as `pending-reboot`, which is taken for either (`rds.blue_green_replication_type`, `rds.cte_materialize_mode`,
 * `rds.custom_dns_resolution`).
 */
export const RDS: Readonly<Record<string, Addition>> = {
  'rds.accepted_password_auth_method': {
    spec: { type: 'enum', values: ['md5+scram', 'scram'] },
    doc: 'How passwords that are stored locally may be checked.',
  },
  'rds.adaptive_autovacuum': {
    spec: { type: 'boolean' },
    doc: 'Autovacuum works harder when transaction ids run out.',
  },
  'rds.allowed_delegated_extensions': {
    spec: { type: 'text' },
    doc: 'Extensions that members of rds_extension may manage, separated by commas.',
  },
  'rds.allowed_extensions': {
    spec: { type: 'text' },
    doc: 'Extensions that may be installed, separated by commas.',
  },
  'rds.babelfish_status': {
    spec: { type: 'enum', values: ['on', 'off', 'datatypesonly'], static: true, only: 'aurora' },
    doc: 'Babelfish, which speaks the protocol of SQL Server.',
  },
  'rds.blue_green_replication_type': {
    spec: { type: 'enum', values: ['logical', 'physical'], static: true, only: 'rds' },
    doc: 'How a blue/green deployment keeps its green side current.',
  },
  'rds.cte_materialize_mode': {
    spec: { type: 'enum', values: ['default', 'always', 'never'], static: true },
    doc: 'Whether the query of a WITH clause is materialised.',
  },
  'rds.custom_dns_resolution': {
    spec: { type: 'boolean', static: true },
    doc: "Names of other hosts are resolved by the VPC's own DNS servers.",
  },
  'rds.enable_pgactive': {
    spec: { type: 'boolean', static: true, only: 'rds' },
    doc: 'Active-active replication by the extension pgactive; it turns logical replication on.',
  },
  'rds.enable_plan_management': {
    spec: { type: 'boolean', static: true, only: 'aurora' },
    doc: 'Query plan management by the extension apg_plan_mgmt.',
  },
  'rds.force_admin_logging_level': {
    spec: { type: 'enum', values: FORCED_LEVELS },
    doc: "Logs what RDS's own administrator does in the databases.",
  },
  'rds.force_autovacuum_logging_level': {
    spec: { type: 'enum', values: FORCED_LEVELS },
    doc: 'Logs what autovacuum does, when log_autovacuum_min_duration is set too.',
  },
  'rds.force_ssl': { spec: { type: 'boolean' }, doc: 'Refuses connections without TLS.' },
  'rds.global_db_rpo': {
    spec: { type: 'duration', unit: 's', min: 20, max: MAX_INT, only: 'aurora' },
    doc: 'Lag of a global database at which commits wait.',
  },
  'rds.local_volume_spill_enabled': {
    spec: { type: 'boolean', words: ON_OFF, static: true, only: 'aurora' },
    doc: 'Logical decoding spills to the local volume.',
  },
  'rds.log_retention_period': {
    spec: { type: 'duration', unit: 'min', min: 1440, max: 10_080 },
    doc: 'RDS deletes log files on the instance that are older. What goes to CloudWatch is kept there by its own rule.',
  },
  'rds.logical_replication': {
    spec: { type: 'boolean', static: true },
    doc: 'WAL with what logical decoding needs: more of it, so turn it on with a reason. It sets wal_level.',
  },
  'rds.logical_wal_cache': {
    spec: { type: 'size', unit: '8kB', min: 0, max: 262_143, special: [-1, 0], static: true, only: 'aurora' },
    doc: 'Buffers in shared memory for logical WAL.',
  },
  'rds.logically_replicate_unlogged_tables': {
    spec: { type: 'boolean', static: true, only: 'aurora' },
    doc: 'Unlogged tables are in the logical replication stream too.',
  },
  'rds.memory_allocation_guard': {
    spec: { type: 'boolean' },
    doc: 'Keeps a session from being denied memory by resource management.',
  },
  'rds.pg_stat_ramdisk_size': {
    spec: { type: 'size', unit: 'MB', min: 0, max: 8196, special: [0], static: true, until: 14 },
    doc: 'RAM disk for the files of the statistics collector.',
  },
  'rds.rds_superuser_reserved_connections': {
    spec: { type: 'integer', min: 0, max: 262_143, static: true },
    doc: 'Connections kept free for members of rds_superuser.',
  },
  'rds.restrict_password_commands': {
    spec: { type: 'boolean', static: true },
    doc: 'Only members of rds_password may change passwords.',
  },
};

const auroraFlag = (doc: string): Addition => ({ spec: { type: 'boolean', only: 'aurora' }, doc });
const flag = (doc: string): Addition => ({ spec: { type: 'boolean' }, doc });

/** Parameters of AWS's changes to the engine. From the same listing. */
export const ENGINE: Readonly<Record<string, Addition>> = {
  ansi_constraint_trigger_ordering: flag('Fires constraint triggers in the order of the SQL standard.'),
  ansi_force_foreign_key_checks: flag('Referential actions such as cascaded deletes always happen.'),
  ansi_qualified_update_set_target: flag('Takes qualified names in UPDATE … SET.'),
  apg_ccm_enabled: auroraFlag('Cluster cache management: a reader keeps the cache that it would need as writer.'),
  apg_enable_batch_mode_function_execution: auroraFlag('Lets batch-mode functions process sets of rows at a time.'),
  apg_enable_correlated_any_transform: auroraFlag('Lets the planner turn a correlated ANY subquery into a join.'),
  apg_enable_function_migration: auroraFlag('Lets the planner move scalar functions to the FROM clause.'),
  apg_enable_not_in_transform: auroraFlag('Lets the planner turn NOT IN into an anti-join.'),
  apg_enable_remove_redundant_inner_joins: auroraFlag('Lets the planner drop redundant inner joins.'),
  apg_enable_semijoin_push_down: auroraFlag('Lets hash joins use semijoin filters.'),
  'apg_plan_mgmt.capture_plan_baselines': {
    spec: { type: 'enum', values: ['manual', 'automatic', 'off'], only: 'aurora' },
    doc: 'Which plans are captured.',
  },
  'apg_plan_mgmt.max_databases': {
    spec: { type: 'integer', min: 10, max: MAX_INT, static: true, only: 'aurora' },
    doc: 'Databases that may manage their plans.',
  },
  'apg_plan_mgmt.max_plans': {
    spec: { type: 'integer', min: 10, max: MAX_INT, static: true, only: 'aurora' },
    doc: 'Plans that are cached at most.',
  },
  'apg_plan_mgmt.plan_retention_period': {
    spec: { type: 'integer', min: 1, max: MAX_INT, static: true, only: 'aurora' },
    doc: 'Days after which a plan that was not used is deleted.',
  },
  'apg_plan_mgmt.unapproved_plan_execution_threshold': {
    spec: { type: 'integer', min: 0, max: MAX_INT, only: 'aurora' },
    doc: 'Cost below which a plan runs though nobody approved it.',
  },
  'apg_plan_mgmt.use_plan_baselines': {
    spec: { type: 'boolean', words: ['false', 'true'], only: 'aurora' },
    doc: 'Only approved plans run.',
  },
};

const HINT_LEVELS = ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'info', 'notice', 'warning', 'error'];
const AUDIT_CLASSES = ['ddl', 'function', 'misc', 'read', 'role', 'write'];

/** Parameters of extensions that the generator's server does not have. From the same listing. */
export const EXTENSIONS: Readonly<Record<string, Addition>> = {
  'cron.database_name': { spec: { type: 'text', static: true }, doc: 'Database with the tables of pg_cron.' },
  'cron.log_min_messages': {
    spec: { type: 'enum', values: [...LEVELS, 'panic'] },
    doc: "Message levels that pg_cron's launcher logs.",
  },
  'cron.log_run': { spec: { type: 'boolean', words: ON_OFF, static: true }, doc: 'Logs runs in job_run_details.' },
  'cron.log_statement': {
    spec: { type: 'boolean', words: ON_OFF, static: true },
    doc: 'Logs statements before they run.',
  },
  'cron.max_running_jobs': { spec: { type: 'integer', min: 0, max: 100, static: true }, doc: 'Jobs that run at once.' },
  'cron.timezone': { spec: { type: 'text', static: true }, doc: 'Time zone of the schedules.' },
  'orafce.nls_date_format': { spec: { type: 'text' }, doc: "Writes dates as Oracle's NLS_DATE_FORMAT does." },
  'orafce.timezone': { spec: { type: 'text' }, doc: 'Time zone of sysdate.' },
  'pg_bigm.enable_recheck': { spec: { type: 'boolean', words: ON_OFF }, doc: 'Rechecks what the index found.' },
  'pg_bigm.gin_key_limit': {
    spec: { type: 'integer', min: 0, max: MAX_INT },
    doc: '2-grams of a keyword that are searched for; 0 is all.',
  },
  'pg_bigm.similarity_limit': { spec: { type: 'real', min: 0, max: 1 }, doc: 'Similarity from which texts match.' },
  'pg_hint_plan.debug_print': {
    spec: { type: 'enum', values: ['off', 'on', 'detailed', 'verbose'] },
    doc: 'Logs how hints were read.',
  },
  'pg_hint_plan.enable_hint': flag('Plans follow hints in comments.'),
  'pg_hint_plan.enable_hint_table': flag('Plans follow hints in the table of hints.'),
  'pg_hint_plan.message_level': { spec: { type: 'enum', values: HINT_LEVELS }, doc: 'Level of debug messages.' },
  'pg_hint_plan.parse_messages': { spec: { type: 'enum', values: HINT_LEVELS }, doc: 'Level of parse errors.' },
  'pgaudit.log': {
    spec: { type: 'list', values: [...AUDIT_CLASSES, 'none', 'all', ...AUDIT_CLASSES.map((name) => `-${name}`)] },
    doc: 'Classes of statements that are logged for the session; -class takes one away.',
  },
  'pgaudit.log_catalog': flag('Logs statements whose relations are all in pg_catalog.'),
  'pgaudit.log_level': {
    spec: {
      type: 'enum',
      values: ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'info', 'notice', 'warning', 'log'],
    },
    doc: 'Level of the entries.',
  },
  'pgaudit.log_parameter': flag('Logs the parameters of statements, and with them whatever secret they carry.'),
  'pgaudit.log_relation': flag('Logs an entry for each relation of a statement.'),
  'pgaudit.log_statement_once': flag('Logs the text of a statement with its first entry only.'),
  'pgaudit.role': { spec: { type: 'enum', values: ['rds_pgaudit'] }, doc: 'Role whose grants say what is audited.' },
  'pglogical.batch_inserts': { spec: { type: 'boolean', static: true }, doc: 'Inserts in batches where possible.' },
  'pglogical.conflict_log_level': {
    spec: { type: 'enum', values: [...LEVELS, 'panic'] },
    doc: 'Level at which resolved conflicts are logged.',
  },
  'pglogical.conflict_resolution': {
    spec: {
      type: 'enum',
      values: ['error', 'apply_remote', 'keep_local', 'last_update_wins', 'first_update_wins'],
    },
    doc: 'How conflicts are resolved.',
  },
  'pglogical.extra_connection_options': { spec: { type: 'text' }, doc: 'Options of every connection to a peer.' },
  'pglogical.synchronous_commit': { spec: { type: 'boolean', static: true }, doc: 'Applies with synchronous commits.' },
  'pglogical.use_spi': { spec: { type: 'boolean', static: true }, doc: 'Applies changes by SQL.' },
  'pgtle.enable_password_check': {
    spec: { type: 'enum', values: ['on', 'off', 'require'] },
    doc: 'Whether hooks of trusted language extensions check passwords.',
  },
  'postgis.gdal_enabled_drivers': {
    spec: { type: 'enum', values: ['ENABLE_ALL', 'DISABLE_ALL'], static: true },
    doc: 'GDAL drivers of PostGIS.',
  },
};
