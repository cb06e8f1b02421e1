import { Client } from 'pg';
import { type Classifier, loadClassifier, readFunctionCatalogue } from '../../../lib/intent';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { CORPUS, intentOf, SCHEMA, type Statement, WITH_CATALOGUE } from './corpus';

/**
 * The oracle: what the classifier calls a read is run on a real standby, and on the primary under watch.
 * A read-only transaction on a primary would prove nothing: it allows much that a standby refuses.
 */
const ALL = [...CORPUS, ...WITH_CATALOGUE];
const READS = ALL.filter(({ reason }) => reason === 'reads');
const NEEDLESS = ALL.filter(({ needless }) => needless);

let fleet: LocalFleet;
let primary: Client;
let standby: Client;
let classifier: Classifier;

beforeAll(async () => {
  fleet = await startLocalFleet({ replicas: 1 });
  primary = await connect(fleet.contract.writer);
  await primary.query(SCHEMA);
  const [reader] = fleet.contract.readers;
  if (reader === undefined) throw new Error('the fleet has no reader');
  standby = await connect(reader);
  await replayed();
  classifier = await loadClassifier({ functions: await readFunctionCatalogue((sql) => primary.query(sql)) });
});

afterAll(async () => {
  await standby?.end();
  await primary?.end();
  await fleet?.stop();
});

test('with the catalogue of the server, every statement of the corpus is classified as expected', () => {
  const got = ALL.map(({ sql }) => ({ sql, ...classifier.classify(sql) }));
  expect(got).toEqual(ALL.map((statement) => ({ sql: statement.sql, ...intentOf(statement) })));
});

test('every read runs on the standby without an error', async () => {
  expect(await refusedBy(standby, READS)).toEqual([]);
});

test('what is sent to the primary for want of proof would indeed have run on the standby', async () => {
  expect(await refusedBy(standby, NEEDLESS)).toEqual([]);
});

test('what is called a write or a lock is refused by the standby, unless nothing of it is executed', async () => {
  const hazards = ALL.filter(({ reason, needless }) => REFUSED.test(reason) && !needless);
  const accepted: string[] = [];
  for (const { sql } of hazards) {
    const outcome = await standby.query(sql).then(
      () => 'accepted',
      () => 'refused',
    );
    await standby.query('ROLLBACK');
    if (outcome === 'accepted') accepted.push(sql);
  }
  expect(hazards.length).toBeGreaterThan(100);
  expect(accepted.sort()).toEqual([
    '/* readfleet: replica */ SELECT 1 FOR UPDATE',
    'EXPLAIN SELECT * FROM users FOR UPDATE',
    "EXPLAIN SELECT nextval('counter')",
    'WITH x AS (MERGE INTO users u USING orders o ON false WHEN NOT MATCHED THEN DO NOTHING RETURNING u.id) TABLE x',
    "WITH x AS (SELECT nextval('counter')) SELECT 1",
  ]);
});

test('no read writes, locks or changes the session, watched where it could: on the primary', async () => {
  const traces: string[] = [];
  for (const { sql } of READS) {
    await primary.query('BEGIN');
    await primary.query(sql);
    const { rows } = await primary.query(TRACES);
    await primary.query('ROLLBACK');
    if (rows[0].traces !== null) traces.push(`${sql}: ${rows[0].traces}`);
  }
  expect(traces).toEqual([]);
});

test('the oracle sees a write, a row lock, an advisory lock and a changed setting when there is one', async () => {
  for (const sql of [
    `SELECT nextval('counter')`,
    'SELECT * FROM users FOR SHARE',
    'SELECT (1).pg_advisory_xact_lock',
    `SELECT set_config('work_mem', '1MB', true)`,
    'SELECT * FROM numbered_again',
  ]) {
    await primary.query('BEGIN');
    await primary.query(sql);
    const { rows } = await primary.query(TRACES);
    await primary.query('ROLLBACK');
    expect({ sql, seen: rows[0].traces !== null }).toEqual({ sql, seen: true });
  }
});

test('the standby answers every read as the primary does, where the primary itself answers twice alike', async () => {
  const different: string[] = [];
  let compared = 0;
  for (const { sql } of READS) {
    if (CHANCE.test(sql)) continue;
    // The standby in between, so that no clock can tick for it alone.
    const before = await answer(primary, sql);
    const between = await answer(standby, sql);
    if ((await answer(primary, sql)) !== before) continue;
    compared += 1;
    if (between !== before) different.push(sql);
  }
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(READS.length * 0.8);
});

test('every system view is read where its own definition says', async () => {
  const { rows } = await primary.query(`
    SELECT n.nspname || '.' || quote_ident(c.relname) AS name, pg_get_viewdef(c.oid) AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname IN ('pg_catalog', 'information_schema')`);
  const misjudged = rows.filter(
    ({ name, definition }) =>
      classifier.classify(`TABLE ${name}`).target === 'replica' && classifier.classify(definition).target === 'primary',
  );
  expect(rows.length).toBeGreaterThan(100);
  expect(misjudged.map(({ name, definition }) => `${name}: ${classifier.classify(definition).reason}`)).toEqual([
    // Labels the temporary tables of the session that asks, which a session on a standby cannot have.
    'information_schema.tables: session state: pg_my_temp_schema',
  ]);
});

test('every built-in function without arguments that is called a read runs on the standby and leaves no trace', async () => {
  const { rows } = await primary.query<{ sql: string }>(`
    SELECT DISTINCT 'SELECT pg_catalog.' || quote_ident(proname) || '()' AS sql
    FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND pronargs = 0 AND prokind = 'f'
      AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND NOT (proretset AND prorettype = 'record'::regtype)
      AND proname !~ '^pg_event_trigger'`);
  const read = rows.map(({ sql }) => sql).filter((sql) => classifier.classify(sql).target === 'replica');
  const traces: string[] = [];
  for (const sql of read) {
    await standby.query(sql).catch((error: Error) => traces.push(`${sql}: ${error.message}`));
    await primary.query('BEGIN');
    await primary.query(sql);
    const { rows: seen } = await primary.query(TRACES);
    await primary.query('ROLLBACK');
    if (seen[0].traces !== null) traces.push(`${sql}: ${seen[0].traces}`);
  }
  expect(traces).toEqual([]);
  expect(read.length).toBeGreaterThan(10);
});

test('a transaction that is said to suit a standby is begun by it, and reads', async () => {
  const suitable = ALL.filter(({ effects }) => effects.session === 'begin read only');
  for (const { sql } of suitable) {
    await standby.query(sql);
    const { rows } = await standby.query('SELECT count(*) > 0 AS there FROM users');
    expect({ sql, there: rows[0].there }).toEqual({ sql, there: true });
    await standby.query('COMMIT');
  }
  expect(suitable.length).toBeGreaterThan(5);
});

test('nothing is left in the session by a statement that is said to leave nothing', async () => {
  const left: string[] = [];
  let ran = 0;
  for (const { sql, effects } of ALL) {
    if (effects.session !== undefined || UNWATCHABLE.test(sql)) continue;
    if ((await inTransaction(sql)) !== 'failed') ran += 1;
    const { rows } = await primary.query(LEFT_BEHIND);
    if (rows[0].traces !== null) left.push(`${sql}: ${rows[0].traces}`);
    await primary.query('ROLLBACK');
    // What survives a rollback; within the transaction it could not be told from the locks of the transaction.
    const { rows: locks } = await primary.query(ADVISORY);
    if (locks.length > 0) left.push(`${sql}: advisory lock`);
    await primary.query('DISCARD ALL');
  }
  expect(left).toEqual([]);
  expect(ran).toBeGreaterThan(300);
});

test('that oracle sees what is left when there is something', async () => {
  for (const sql of [
    `SET work_mem = '1MB'`,
    `SELECT set_config('work_mem', '1MB', false)`,
    'SET LOCAL ROLE pg_monitor',
    'PREPARE p AS SELECT 1',
    'DECLARE c CURSOR FOR SELECT 1',
    'CREATE TEMP TABLE t (a int)',
    'CREATE TEMP VIEW v AS SELECT 1',
    'CREATE TEMP SEQUENCE s',
    'SELECT 1 AS a INTO TEMP t',
    'CREATE TABLE pg_temp.t (a int)',
    'CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    'DO $$ BEGIN CREATE TEMP TABLE t (a int); END $$',
  ]) {
    await inTransaction(sql);
    const { rows } = await primary.query(LEFT_BEHIND);
    await primary.query('ROLLBACK');
    await primary.query('DISCARD ALL');
    expect({ sql, left: rows[0].traces !== null }).toEqual({ sql, left: true });
    expect({ sql, session: classifier.classify(sql).session }).toEqual({ sql, session: 'binds' });
  }
  await primary.query('SELECT pg_advisory_lock(1)');
  expect((await primary.query(ADVISORY)).rows).toHaveLength(1);
  await primary.query('DISCARD ALL');
});

test('the share of harmless statements that go to the primary is small', () => {
  const share = NEEDLESS.length / (NEEDLESS.length + READS.length);
  console.log(
    `${ALL.length} statements: ${READS.length} reads ran on the standby; ` +
      `${ALL.length - READS.length - NEEDLESS.length} must not run there; ` +
      `${NEEDLESS.length} harmless ones go to the primary (${(share * 100).toFixed(1)} % of the harmless)`,
  );
  expect(share).toBeLessThan(0.15);
});

/** Reasons that say what a standby cannot do. */
const REFUSED =
  /^(writes|locks rows|volatile function (nextval|setval|touch|touched)|assigns a transaction id|unlogged table)$/;

/** Statements whose answers may agree by luck. */
const CHANCE = /random|uuid|array_s|TABLESAMPLE/;

/** What the transaction has done so far that a read does not do, or NULL. */
const TRACES = `
  SELECT string_agg(trace, ', ') AS traces FROM (
    SELECT 'wrote as ' || pg_current_xact_id_if_assigned()::text AS trace
    UNION ALL
    SELECT locktype || ' ' || mode FROM pg_locks
    WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' AND locktype <> 'virtualxid'
    UNION ALL
    SELECT 'set ' || name FROM pg_settings WHERE source = 'session'
    UNION ALL
    SELECT 'listens' FROM pg_listening_channels()
    UNION ALL
    SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
  ) s WHERE trace IS NOT NULL`;

/** Kills sessions, our own among them, or speaks the copy protocol. */
const UNWATCHABLE = /terminate|cancel|COPY/;

/** What a session holds that it did not when it began, or NULL. */
const LEFT_BEHIND = `
  SELECT string_agg(trace, ', ') AS traces FROM (
    SELECT 'set ' || name AS trace FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction_%'
    UNION ALL
    SELECT 'role' WHERE CURRENT_USER <> SESSION_USER
    UNION ALL
    SELECT 'listens' FROM pg_listening_channels()
    UNION ALL
    SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
    UNION ALL
    SELECT 'prepared ' || name FROM pg_prepared_statements
    UNION ALL
    SELECT 'temporary ' || relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
    UNION ALL
    SELECT 'temporary ' || proname FROM pg_proc WHERE pronamespace = pg_my_temp_schema()
  ) s WHERE trace IS NOT NULL`;

const ADVISORY = `SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'`;

/** Begins a transaction on the primary and runs a statement in it, with its failure undone so that questions can follow. */
async function inTransaction(sql: string): Promise<'ran' | 'failed'> {
  await primary.query('BEGIN');
  await primary.query('SAVEPOINT before');
  try {
    await primary.query(sql);
    return 'ran';
  } catch {
    await primary.query('ROLLBACK TO before');
    return 'failed';
  }
}

async function refusedBy(client: Client, statements: readonly Statement[]): Promise<string[]> {
  const refused: string[] = [];
  for (const { sql } of statements) {
    await client.query(sql).catch((error: Error) => refused.push(`${sql}: ${error.message}`));
  }
  return refused;
}

async function answer(client: Client, sql: string): Promise<string> {
  const result = await client.query({ text: sql, rowMode: 'array' });
  return JSON.stringify([result].flat().map(({ rows }) => rows));
}

async function connect(member: { host: string; port: number }): Promise<Client> {
  const { auth, database } = fleet.contract;
  if (auth.kind !== 'password') throw new Error('a local fleet has a password');
  const client = new Client({
    host: member.host,
    port: member.port,
    database,
    user: auth.user,
    password: auth.password,
  });
  await client.connect();
  return client;
}

/** Waits until the standby has replayed what the primary has written. */
async function replayed(): Promise<void> {
  const { rows } = await primary.query('SELECT pg_current_wal_lsn()::text AS lsn');
  for (;;) {
    const { rows: seen } = await standby.query(`SELECT pg_last_wal_replay_lsn() >= '${rows[0].lsn}' AS passed`);
    if (seen[0].passed) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
