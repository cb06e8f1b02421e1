/**
 * Knex on a primary and two replicas: `npx tsx examples/orm/knex.ts` starts them, shows where each thing runs, and ends.
 */
import knex, { type Knex } from 'knex';
import { connect, type Fleet } from 'readfleet';
import { knexClient } from 'readfleet/knex';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { caughtUp, readsOf } from 'readfleet/testing';

interface Post {
  id: number;
  title: string;
  likes: number;
}

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue', 'green'] });
  const fleet = await connect(local.contract, { maxStalenessMs: 5_000 });
  try {
    await tour(local, fleet);
  } finally {
    await fleet.close();
    await local.stop();
  }
}

async function tour(local: LocalFleet, fleet: Fleet): Promise<void> {
  // The one line: this `client` stands where `client: 'pg'` and `connection` stood.
  const db = knex({ client: knexClient(fleet, knex) });
  await shown(fleet, 'create table', () =>
    db.schema.createTable('post', (table) => {
      table.increments();
      table.text('title');
      table.integer('likes').defaultTo(0);
    }),
  );

  await fleet.session(async () => {
    await shown(fleet, 'insert', () => db<Post>('post').insert({ title: 'Replicas' }).returning('id'));
    const found = await db<Post>('post').first();
    console.log(`select, in the session that inserted: ${found?.title}`);
  });

  await caughtUp(fleet);
  await shown(fleet, 'select', () => db<Post>('post').where('likes', '<', 5));
  await shown(fleet, 'raw select', () => db.raw('select count(*) from post'));
  console.log(`stream: ${await titles(db)}`);
  await shown(fleet, 'update within a CTE', () =>
    db.with('liked', db<Post>('post').increment('likes').returning('id')).select().from('liked'),
  );
  await shown(fleet, 'select for update', () => db<Post>('post').forUpdate().skipLocked());
  await shown(fleet, 'transaction', () =>
    db.transaction(async (transaction) => {
      const post = await transaction<Post>('post').first();
      await transaction<Post>('post').where('id', post?.id).increment('likes');
    }),
  );
  await shown(fleet, 'transaction that only reads', () =>
    db.transaction((transaction) => transaction<Post>('post').sum('likes'), { readOnly: true }),
  );
  await shown(fleet, 'select that must be right now', () => db<Post>('post').comment('readfleet: primary'));

  // A part of the app that may read what is a minute old, and is switched off by its name.
  const reports = knex({ client: knexClient(fleet, knex, { endpoint: 'reports', maxStalenessMs: 60_000 }) });
  await shown(fleet, 'report', () => reports<Post>('post').count());
  fleet.flags.disable('reports');
  await shown(fleet, 'report, switched off', () => reports<Post>('post').count());
  await reports.destroy();

  const slow = db.raw('select pg_sleep(60)').timeout(100, { cancel: true });
  console.log(`slow select: ${await slow.catch((error: Error) => error.name)}, and cancelled on its server`);

  const selects = Array.from({ length: 50 }, () => db<Post>('post').first());
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...selects]);
  console.log(`${found.length} selects while blue is killed: all answered`);

  await db.destroy(); // leaves the fleet open: whoever connected it closes it
}

async function titles(db: Knex): Promise<string[]> {
  const titles: string[] = [];
  for await (const { title } of db<Post>('post').stream() as AsyncIterable<Post>) titles.push(title);
  return titles;
}

/** Runs `work`, and says where its statements ran. */
async function shown(fleet: Fleet, what: string, work: () => PromiseLike<unknown>): Promise<void> {
  const { statements } = await readsOf(fleet, async () => work());
  console.log(`${what}: ${[...new Set(statements.map(({ role }) => role))].join(' and ')}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
