/**
 * Kysely on a primary and two replicas: `npx tsx examples/orm/kysely.mts` starts them, shows where each thing runs, and ends.
 */
import { type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import Cursor from 'pg-cursor';
import { connect } from 'readfleet';
import { kyselyCursor, kyselyPool } from 'readfleet/kysely';
import { startLocalFleet } from 'readfleet/local';
import { caughtUp, readsOf } from 'readfleet/testing';

interface Database {
  readonly post: { readonly id: Generated<number>; readonly title: string; readonly likes: Generated<number> };
}

const local = await startLocalFleet({ replicas: ['blue', 'green'] });
const fleet = await connect(local.contract, { maxStalenessMs: 5_000 });
try {
  await tour();
} finally {
  await fleet.close();
  await local.stop();
}

async function tour(): Promise<void> {
  // The one line: `kyselyPool(fleet)` stands where `new Pool({ connectionString })` stood. The cursor is for streams alone.
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: kyselyPool(fleet), cursor: kyselyCursor(Cursor) }),
  });
  const titles = () => db.selectFrom('post').select('title').execute();

  await shown('create table', () =>
    db.schema
      .createTable('post')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('title', 'text')
      .addColumn('likes', 'integer', (column) => column.defaultTo(0))
      .execute(),
  );
  await fleet.session(async () => {
    await shown('insert', () => db.insertInto('post').values({ title: 'Replicas' }).execute());
    const [post] = await titles();
    console.log(`select, in the session that inserted: ${post?.title}`);
  });

  await caughtUp(fleet);
  await shown('select', titles);
  await shown('select by the sql tag', () => sql`select count(*) from post`.execute(db));
  await shown('update within a CTE', () =>
    db
      .with('liked', (query) => query.updateTable('post').set({ likes: sql`likes + 1` }).returning('id'))
      .selectFrom('liked')
      .selectAll()
      .execute(),
  );
  await shown('select for update', () => db.selectFrom('post').selectAll().forUpdate().execute());
  await shown('transaction', () =>
    db.transaction().execute(async (trx) => {
      await trx.updateTable('post').set({ likes: sql`likes + 1` }).execute();
      return trx.selectFrom('post').select('likes').execute();
    }),
  );
  await shown('read-only transaction', () =>
    db
      .transaction()
      .setAccessMode('read only')
      .execute((trx) => trx.selectFrom('post').selectAll().execute()),
  );
  await shown('stream', async () => {
    for await (const _ of db.selectFrom('post').selectAll().stream(100));
  });
  await shown('select that must be right now', () =>
    db.selectFrom('post').selectAll().modifyEnd(sql`/* readfleet: primary */`).execute(),
  );

  // A part of the app that may read what is a minute old, and is switched off by its name.
  const reports = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: kyselyPool(fleet, { endpoint: 'reports', maxStalenessMs: 60_000 }) }),
  });
  const report = () => reports.selectFrom('post').select(reports.fn.sum('likes').as('likes')).execute();
  await shown('report', report);
  fleet.flags.disable('reports');
  await shown('report, switched off', report);

  const selects = Array.from({ length: 50 }, titles);
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...selects]);
  console.log(`${found.length} selects while blue is killed: all answered`);

  await db.destroy(); // leaves the fleet open: whoever connected it closes it
}

/** Runs `work`, and says where its statements ran. */
async function shown(what: string, work: () => Promise<unknown>): Promise<void> {
  const { statements } = await readsOf(fleet, work);
  console.log(`${what}: ${[...new Set(statements.map(({ role }) => role))].join(' and ')}`);
}
