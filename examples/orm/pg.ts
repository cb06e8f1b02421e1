/**
 * Plain `pg` on a primary and two replicas: `npx tsx examples/orm/pg.ts` starts them, shows where each thing runs, and ends.
 */
import type { Pool } from 'pg';
import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { caughtUp, readsOf } from 'readfleet/testing';

/** An app that was written for a `pg.Pool`, and knows of nothing else. */
class Posts {
  constructor(private readonly pool: Pool) {}

  async add(title: string): Promise<number> {
    const { rows } = await this.pool.query('insert into post (title) values ($1) returning id', [title]);
    return rows[0].id;
  }

  async titles(): Promise<string[]> {
    const { rows } = await this.pool.query<{ title: string }>('select title from post order by id');
    return rows.map(({ title }) => title);
  }

  async like(id: number): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query('select likes from post where id = $1 for update', [id]);
      await client.query('update post set likes = likes + 1 where id = $1', [id]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }
}

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue', 'green'] });
  const fleet = await connect(local.contract, { maxStalenessMs: 5_000 });
  try {
    await fleet.write(
      'create table post (id int generated always as identity primary key, title text, likes int default 0)',
    );
    await tour(local, fleet);
  } finally {
    await fleet.close();
    await local.stop();
  }
}

async function tour(local: LocalFleet, fleet: Fleet): Promise<void> {
  // The one line: `fleet.pool` stands where `new Pool({ connectionString })` stood.
  const posts = new Posts(fleet.pool);

  await fleet.session(async () => {
    await shown(fleet, 'insert', () => posts.add('Replicas'));
    console.log(`select, in the session that inserted: ${await posts.titles()}`);
  });
  await shown(fleet, 'transaction with a lock', () => posts.like(1));

  await caughtUp(fleet);
  await shown(fleet, 'select', () => posts.titles());
  await shown(fleet, 'update within a CTE', () =>
    fleet.pool.query('with liked as (update post set likes = likes + 1 returning id) select count(*) from liked'),
  );
  await shown(fleet, 'read-only transaction', async () => {
    const client = await fleet.pool.connect();
    await client.query('begin read only');
    await client.query('select sum(likes) from post');
    await client.query('commit');
    client.release();
  });
  await shown(fleet, 'select that must be right now', () => new Posts(fleet.writePool).titles());

  // A part of the app that may read what is a minute old, and is switched off by its name.
  const reports = new Posts(fleet.pool.lend({ endpoint: 'reports', maxStalenessMs: 60_000 }));
  await shown(fleet, 'report', () => reports.titles());
  fleet.flags.disable('reports');
  await shown(fleet, 'report, switched off', () => reports.titles());

  const hurry = AbortSignal.timeout(100);
  const slow = fleet.pool.lend({ signal: hurry }).query('select pg_sleep(60)');
  console.log(`slow select: ${await slow.catch((error: Error) => error.name)}, and cancelled on its server`);

  const selects = Array.from({ length: 50 }, () => posts.titles());
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...selects]);
  console.log(`${found.length} selects while blue is killed: all answered`);
}

/** Runs `work`, and says where its statements ran. */
async function shown(fleet: Fleet, what: string, work: () => Promise<unknown>): Promise<void> {
  const { statements } = await readsOf(fleet, work);
  console.log(`${what}: ${[...new Set(statements.map(({ role }) => role))].join(' and ')}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
