import { Client } from 'pg';
import { CatalogueKeeper, catalogueVersion, loadClassifier, readFunctionCatalogue } from '../../../lib/intent';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { ManualClock } from '../../support/manual-clock';
import { CORPUS, SCHEMA } from './corpus';

let fleet: LocalFleet;
/** Asks for the version. */
let asking: Client;
/** Another process, which changes things. */
let other: Client;

beforeAll(async () => {
  fleet = await startLocalFleet({ replicas: 0 });
  asking = await connect();
  other = await connect();
  await other.query(SCHEMA);
});

afterAll(async () => {
  await asking?.end();
  await other?.end();
  await fleet?.stop();
});

async function connect(): Promise<Client> {
  const { auth, database, writer } = fleet.contract;
  if (auth.kind !== 'password') throw new Error('a local fleet has a password');
  const client = new Client({ ...writer, database, user: auth.user, password: auth.password });
  await client.connect();
  return client;
}

function version(): Promise<string> {
  return catalogueVersion((sql) => asking.query(sql));
}

test('the version of an unchanged catalogue is the same, whoever asks', async () => {
  expect(await version()).toBe(await catalogueVersion((sql) => other.query(sql)));
});

test('a server that answers nothing is an error', async () => {
  await expect(catalogueVersion(async () => ({ rows: [] }))).rejects.toThrow('no row for the version');
});

// Each builds on those before it.
test.each([
  'CREATE FUNCTION f(int) RETURNS int LANGUAGE sql STABLE AS $$SELECT 1$$',
  'CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql STABLE AS $$SELECT 2$$',
  'CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql VOLATILE AS $$SELECT 2$$',
  'ALTER FUNCTION f(int) STABLE',
  'ALTER FUNCTION f(int) RENAME TO g',
  'ALTER FUNCTION g(int) SET SCHEMA sales',
  'ALTER FUNCTION sales.g(int) SET work_mem = 1024',
  'DROP FUNCTION sales.g(int)',
  'ALTER FUNCTION pg_catalog.lower(text) VOLATILE',
  'CREATE PROCEDURE p() LANGUAGE sql AS $$SELECT 1$$',
  'CREATE OR REPLACE AGGREGATE volatile_sum(int) (SFUNC = plus, STYPE = int)',
  'CREATE OPERATOR &&& (LEFTARG = int, RIGHTARG = int, FUNCTION = near)',
  'DROP OPERATOR &&& (int, int)',
  'CREATE CAST (mood AS int) WITH INOUT',
  'DROP CAST (mood AS int)',
  'CREATE VIEW v AS SELECT 1 AS a',
  'CREATE OR REPLACE VIEW v AS SELECT 2 AS a',
  `CREATE OR REPLACE VIEW v AS SELECT nextval('counter')::int AS a`,
  'ALTER VIEW v RENAME TO w',
  'ALTER VIEW w SET SCHEMA sales',
  'DROP VIEW sales.w',
  'CREATE POLICY p ON users USING (true)',
  'ALTER POLICY p ON users USING (touch(id) > 0)',
  'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
  'DROP POLICY p ON users',
  'CREATE DOMAIN d AS int',
  'ALTER DOMAIN d ADD CONSTRAINT small CHECK (VALUE < 10)',
  'ALTER DOMAIN d RENAME CONSTRAINT small TO smaller',
  'ALTER DOMAIN d DROP CONSTRAINT smaller',
  'CREATE TYPE t AS (n int)',
  'ALTER TYPE t ADD ATTRIBUTE d d',
  'ALTER TYPE t ALTER ATTRIBUTE d TYPE checked_int',
  'ALTER TYPE t DROP ATTRIBUTE d',
  'ALTER TYPE t RENAME TO u',
  'DROP TYPE u',
  'CREATE TABLE plain (a int)',
  'ALTER TABLE plain ADD COLUMN d d',
  'ALTER TABLE plain ADD COLUMN ds checked_int[]',
  'ALTER TABLE plain RENAME TO plainer',
  'ALTER TABLE plainer SET UNLOGGED',
  'ALTER TABLE plainer SET LOGGED',
  'CREATE TABLE children () INHERITS (plainer)',
  'ALTER TABLE children NO INHERIT plainer',
  'ALTER TABLE children INHERIT plainer',
  'DROP TABLE plainer CASCADE',
  'CREATE UNLOGGED TABLE parted_2 PARTITION OF parted FOR VALUES IN (2)',
  'ALTER TABLE parted DETACH PARTITION parted_2',
  'ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES IN (2)',
  'CREATE SEQUENCE s',
  'ALTER SEQUENCE s RENAME TO r',
  'DROP SEQUENCE r',
  'CREATE SCHEMA many',
  'ALTER SCHEMA many RENAME TO more',
  'DROP SCHEMA more',
  'CREATE EXTENSION hstore',
  'DROP EXTENSION hstore',
  'DO $$ BEGIN CREATE DOMAIN e AS int; END $$',
])('%s: another version', async (sql) => {
  const before = await version();
  await other.query(sql);

  expect(await version()).not.toBe(before);
});

test.each([
  'INSERT INTO sales.leads SELECT n, n FROM generate_series(1, 1000) n',
  'UPDATE sales.leads SET score = 0',
  'DELETE FROM sales.leads',
  `SELECT nextval('counter')`,
  'ALTER SEQUENCE counter RESTART',
  'TRUNCATE sales.leads RESTART IDENTITY',
  'TRUNCATE scratch',
  'VACUUM FULL orders',
  'VACUUM (FREEZE, ANALYZE)',
  'REINDEX TABLE orders',
  'CLUSTER orders USING orders_pkey',
  'REFRESH MATERIALIZED VIEW order_totals',
  'CREATE INDEX i ON orders (status)',
  'ALTER INDEX i RENAME TO j',
  'DROP INDEX j',
  'ALTER TABLE orders ALTER COLUMN status SET STATISTICS 500',
  'ALTER TABLE orders ADD COLUMN plain int',
  'ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0)',
  `COMMENT ON FUNCTION twice(int) IS 'doubles'`,
  'GRANT SELECT ON orders TO PUBLIC',
  `ALTER DATABASE postgres SET work_mem = '5MB'`,
  'CREATE TEMP TABLE passing (a checked_int, b users)',
  'CREATE TEMP VIEW passing_view AS SELECT 1',
  'CREATE TEMP SEQUENCE passing_seq',
  'CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  'CREATE DOMAIN pg_temp.d AS int',
  'CREATE UNLOGGED TABLE undone (a int); ROLLBACK',
])('%s: the same version', async (sql) => {
  const before = await version();
  await other.query(sql.endsWith('ROLLBACK') ? `BEGIN; ${sql}` : sql);

  expect(await version()).toBe(before);
});

test('temporary objects are not in the catalogue, because the sessions that could be meant are not classified', async () => {
  const before = await readFunctionCatalogue((sql) => asking.query(sql));
  await other.query(`CREATE TEMP VIEW fleeting AS SELECT nextval('counter');
    CREATE TEMP SEQUENCE fleeting_seq;
    CREATE TYPE pg_temp.fleeting_type AS (a checked_int);
    CREATE FUNCTION pg_temp.fleeting() RETURNS int LANGUAGE sql AS $$SELECT 1$$`);

  expect(await readFunctionCatalogue((sql) => asking.query(sql))).toEqual(before);
});

test('no statement of the corpus changes the version unless it says so, or runs code of the user', async () => {
  const classifier = await loadClassifier({ functions: await readFunctionCatalogue((sql) => asking.query(sql)) });
  // Every change is rolled back.
  const before = await version();
  const changing: string[] = [];
  let declared = 0;
  for (const { sql } of CORPUS) {
    if (BEYOND_A_TRANSACTION.test(sql)) continue;
    await other.query('BEGIN');
    const ran = await other.query(sql).then(
      () => true,
      () => false,
    );
    if (ran) {
      const changed = (await catalogueVersion((text) => other.query(text))) !== before;
      const { ddl } = classifier.classify(sql);
      if (changed && ddl === undefined) changing.push(sql);
      if (changed && ddl) declared += 1;
    }
    await other.query('ROLLBACK');
  }
  expect(changing).toEqual([]);
  expect(declared).toBeGreaterThan(25);
});

/** Ends the transaction or the session, or waits for a client that copies. */
const BEYOND_A_TRANSACTION =
  /commit|rollback|^(\/\* AND CHAIN \*\/ )?(end|abort|prepare transaction)|terminate|COPY|PREPARED/i;

test('a keeper gives a classifier what another process has changed, and forgets nothing for plain writes', async () => {
  await other.query('CREATE FUNCTION steady(int) RETURNS int LANGUAGE sql STABLE AS $$SELECT 1$$');
  const clock = new ManualClock();
  const classifier = await loadClassifier();
  const errors: Error[] = [];
  let catalogues = 0;
  const keeper = new CatalogueKeeper(
    (sql) => asking.query(sql),
    (catalogue) => {
      catalogues += 1;
      classifier.use(catalogue);
    },
    { clock, onError: (error) => errors.push(error) },
  );
  await keeper.load();
  expect(classifier.classify('SELECT steady(1)').reason).toBe('reads');

  await other.query('UPDATE users SET name = name');
  await keeper.load();
  expect(catalogues).toBe(1);

  await other.query('ALTER FUNCTION steady(int) VOLATILE');
  await keeper.load();
  expect(catalogues).toBe(2);
  expect(classifier.classify('SELECT steady(1)').reason).toBe('volatile function steady');

  keeper.stop();
  expect(errors).toEqual([]);
});
