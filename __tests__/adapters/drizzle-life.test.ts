import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import type * as Orm from 'drizzle-orm/node-postgres';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { type DrizzleOptions, withReplicas } from 'readfleet/drizzle';
import { eventually } from '../support/eventually';
import { describeWith, lowest } from '../support/left-out';
import { Stage } from './builder-stage';
import { author, note, schema } from './drizzle-schema';
import { folderOf } from './matrix/worker';

let stage: Stage;
let db: ReturnType<typeof overFleet>;

function overFleet(options?: DrizzleOptions) {
  return withReplicas(stage.fleet, (client) => drizzle({ client, schema }), options);
}

beforeAll(async () => {
  stage = await Stage.start();
  db = overFleet();
});

afterEach(() => stage.servers.mend());

afterAll(() => stage?.stop());

describe('drizzle-orm #6023: a BEGIN that fails', () => {
  const begin = (on: Pick<typeof db, 'transaction'>) =>
    on.transaction(async () => undefined, { isolationLevel: 'nonsense' as never });

  test('takes a connection of any other pool with it', async () => {
    const pool = new Pool({ ...stage.servers.ground.primary, max: 1 });
    let client: { release(error: Error): void } | undefined;
    pool.on('acquire', (acquired) => {
      client = acquired as never;
    });
    await expect(begin(drizzle({ client: pool, schema }) as never)).rejects.toThrow();
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 0]);
    client?.release(new Error('by hand'));
    await pool.end();
  });

  test('gives it back to a fleet, also more often than there are connections', async () => {
    for (const on of [db, db.$primary, db.$replica]) {
      for (let n = 0; n < 8; n += 1) await expect(begin(on)).rejects.toMatchObject({ cause: { code: '42601' } });
    }
    await stage.allReturned();
    await db.transaction((tx) => tx.insert(author).values({ name: stage.name() }));
  });
});

describeWith(lowest, 'a Drizzle that knows pools by their class, and has another copy of pg', () => {
  const old = () =>
    require(path.join(folderOf('lowest'), 'node_modules', 'drizzle-orm', 'node-postgres', 'index.cjs')) as typeof Orm;

  test('is told so, and writes nothing by halves', async () => {
    const foreign = withReplicas(stage.fleet, (client) => old().drizzle({ client }));
    const name = stage.name();
    const halves = foreign.transaction((tx) => tx.execute(sql`insert into jotting_author (name) values (${name})`));
    await expect(halves).rejects.toMatchObject({ code: 'READFLEET_DRIZZLE_TRANSACTION' });
    expect(await db.$primary.$count(author, eq(author.name, name))).toBe(0);
    await stage.allReturned();
  });
});

test('a transaction by `db.execute` is refused: its statements would be on several connections', async () => {
  for (const begin of [sql`begin`, sql`START  TRANSACTION`]) {
    await expect(db.execute(begin)).rejects.toMatchObject({ cause: { code: 'READFLEET_DRIZZLE_TRANSACTION' } });
  }
});

test('drizzle-orm #3908: a server that ends the connection of a transaction ends that transaction alone', async () => {
  const broken = db.transaction(async (tx) => {
    const [mine] = (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows;
    await stage.servers.local.primary.query('select pg_terminate_backend($1)', [mine?.pid]);
    await eventually(() =>
      tx.execute(sql`select 1`).then(
        () => false,
        () => true,
      ),
    );
    return tx.execute(sql`select 1`);
  });
  await expect(broken).rejects.toThrow();
  await stage.allReturned();
  await db.transaction((tx) => tx.insert(author).values({ name: stage.name() }));
});

test('prepared statements are read on every replica, and after one of them has started again', async () => {
  const { id, name } = await stage.author();
  const byId = db.query.author.findFirst({ where: eq(author.id, sql.placeholder('id')) }).prepare('jotting_by_id');
  const ports = db.$replica
    .select({ port: sql<number>`inet_server_port()` })
    .from(author)
    .limit(1)
    .prepare('jotting_port');
  await eventually(async () => {
    // Many at once: a replica that answers well is asked again as long as it has nothing else to do.
    const found = await Promise.all(Array.from({ length: 8 }, () => ports.execute()));
    expect(await Promise.all(found.map(() => byId.execute({ id })))).toEqual(found.map(() => ({ id, name })));
    return new Set(found.map(([row]) => row?.port)).size === 2;
  });
  const [replica] = stage.servers.local.replicas;
  await replica?.kill();
  await replica?.restart();
  for (let n = 0; n < 10; n += 1) expect(await byId.execute({ id })).toEqual({ id, name });
});

test('values come as Drizzle has them parsed, on a replica and in a transaction', async () => {
  const { id } = await stage.author();
  const created = (on: Pick<typeof db, 'select'>) =>
    on.select({ at: note.createdAt, raw: sql`created_at` }).from(note).where(eq(note.authorId, id));
  const [onReplica] = await created(db);
  const [inTransaction] = await db.transaction(created);
  expect(onReplica?.at).toBeInstanceOf(Date);
  expect(onReplica?.raw).toEqual(expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:/));
  expect(inTransaction).toEqual(onReplica);
});

test('what PostgreSQL says of a write is the cause of the error', async () => {
  const { name } = await stage.author();
  const twice = db.insert(author).values({ name });
  await expect(twice).rejects.toMatchObject({ cause: { code: '23505', constraint: 'jotting_author_name_key' } });
});

test('a session takes a query that begins when it is awaited', async () => {
  await stage.pauseReplay();
  const name = stage.name();
  const found = await stage.fleet.session(async () => {
    await stage.fleet.session(() => db.insert(author).values({ name }));
    return stage.fleet.session(() => db.query.author.findFirst({ where: eq(author.name, name) }));
  });
  expect(found).toMatchObject({ name });
});

test('a part of the app has a database of its own, whose reads ask for something else', async () => {
  const reports = overFleet({ read: { endpoint: 'reports' } });
  const read = () => stage.roles(() => reports.select().from(author));
  expect(await read()).toEqual(['replica']);
  stage.fleet.flags.disable('reports');
  expect(await read()).toEqual(['primary']);
  expect(await stage.roles(() => db.select().from(author))).toEqual(['replica']);
  stage.fleet.flags.enable('reports');
});

test('its client is a pool to others, with callbacks too', async () => {
  const { rows } = await db.$client.query('select $1::int as n', [1]);
  expect(rows).toEqual([{ n: 1 }]);
  const told = await new Promise((resolve, reject) => {
    db.$client.connect((error, client, release) => {
      if (error || !client) return reject(error);
      client.query('select 2 as n', (_, found) => {
        release();
        resolve(found.rows);
      });
    });
  });
  expect(told).toEqual([{ n: 2 }]);
  expect(await new Promise((resolve) => db.$client.query('select 3 as n', (_, found) => resolve(found.rows)))).toEqual([
    { n: 3 },
  ]);
});

test('the end of its client is not that of the fleet; after it the database refuses', async () => {
  const other = overFleet();
  await other.$client.end();
  await expect(other.select().from(author)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('after calling end') },
  });
  await expect(other.transaction(async () => undefined)).rejects.toThrow('after calling end');
  await db.select().from(author);
});

test('what is no fleet is refused, with what it is', () => {
  const open = (client: Pool) => drizzle({ client });
  expect(() => withReplicas(new Pool() as never, open)).toThrow(
    expect.objectContaining({ code: 'READFLEET_NOT_A_FLEET', message: expect.stringContaining('Pool') }),
  );
});
