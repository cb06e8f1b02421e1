import knex, { type Knex } from 'knex';
import { connect, type Fleet } from 'readfleet';
import { knexClient } from 'readfleet/knex';
import { Stage } from './builder-stage';
import { FAST } from './matrix/fast';

let stage: Stage;
let db: Knex;

beforeAll(async () => {
  stage = await Stage.start();
});

beforeEach(() => {
  db = knex({ client: knexClient(stage.fleet, knex), log: { warn: jest.fn() } });
});

afterEach(async () => {
  await db.destroy();
  await stage.allReturned();
  await stage.servers.mend();
});

afterAll(() => stage?.stop());

describe('what runs on a replica:', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a join', () => db('jotting_note').join('jotting_author as a', 'a.id', 'author_id').select('body')],
    ['first()', () => db('jotting_note').first()],
    ['an aggregate', () => db('jotting_note').count()],
    ['a common table expression that reads', () => db.with('n', db('jotting_note').select()).select().from('n')],
    ['raw SQL', () => db.raw('select * from jotting_note where body = ?', ['a ? b'])],
    ['a transaction that only reads', () => db.transaction((begun) => begun('jotting_note'), { readOnly: true })],
    ['a stream', () => drained(db('jotting_note').stream())],
    ['a loop over rows', () => drained(db('jotting_note').select())],
  ])('%s', async (_, work) => {
    await stage.author();
    expect(await stage.roles(work)).toEqual(['replica']);
  });
});

describe('what runs on the primary:', () => {
  test.each<[string, (id: number) => Promise<unknown>]>([
    ['insert()', (id) => db('jotting_note').insert({ body: 'new', author_id: id }).returning('*')],
    [
      'onConflict().merge()',
      (id) =>
        db('jotting_author')
          .insert({ id, name: `author ${id}` })
          .onConflict('id')
          .merge(),
    ],
    ['update() and returning', (id) => db('jotting_note').where('author_id', id).update('body', 'x').returning('id')],
    ['delete()', (id) => db('jotting_note').where('author_id', id).delete()],
    ['batchInsert()', (id) => db.batchInsert('jotting_note', [{ body: 'a', author_id: id }], 10)],
    ['a write in a common table expression', (id) => cte(id)],
    ['skipLocked()', () => db('jotting_note').forUpdate().skipLocked().limit(1)],
    ['a read with a word for it', () => db('jotting_note').comment('readfleet: primary')],
    [
      'a serializable transaction that only reads',
      () => db.transaction((begun) => begun('jotting_note'), { readOnly: true, isolationLevel: 'serializable' }),
    ],
  ])('%s', async (_, work) => {
    const { id } = await stage.author();
    expect(await stage.roles(() => work(id))).toEqual(['primary']);
  });

  const cte = (id: number) =>
    db
      .with('w', db('jotting_note').insert({ body: 'w', author_id: id }).returning('id'))
      .select()
      .from('w');
});

async function drained(rows: AsyncIterable<unknown> | PromiseLike<unknown>): Promise<unknown[]> {
  const drained: unknown[] = [];
  for await (const row of (Symbol.asyncIterator in rows ? rows : await rows) as AsyncIterable<unknown>)
    drained.push(row);
  return drained;
}

describe('a stream', () => {
  test('that is left early gives its connection back', async () => {
    const stream = db.raw('select n from generate_series(1, 100000) n').stream({ batchSize: 10 });
    for await (const row of stream as AsyncIterable<{ n: number }>) if (row.n === 3) break;
    await stage.allReturned();
  });

  test('of what PostgreSQL refuses ends with its error', async () => {
    await expect(drained(db('jotting_nowhere').stream())).rejects.toMatchObject({ code: '42P01' });
    await stage.allReturned();
  });
});

describe('transactions', () => {
  const names = (given: string[]) =>
    db('jotting_author').whereIn('name', given).orderBy('id').pluck('name').comment('readfleet: primary');

  test('a part of one is undone alone', async () => {
    const [kept, undone] = [stage.name(), stage.name()];
    await db.transaction(async (begun) => {
      await begun('jotting_author').insert({ name: kept });
      await begun
        .transaction(async (part) => {
          await part('jotting_author').insert({ name: undone });
          throw new Error('thrown by the app');
        })
        .catch(() => undefined);
    });
    await expect(names([kept, undone])).resolves.toEqual([kept]);
  });

  test('a provider begins one when it is first used', async () => {
    const provide = db.transactionProvider();
    const name = stage.name();
    const begun = await provide();
    await begun('jotting_author').insert({ name });
    await begun.rollback();
    await expect(names([name])).resolves.toEqual([]);
  });

  test('a stream within one reads what was written in it', async () => {
    const name = stage.name();
    await db.transaction(async (begun) => {
      await begun('jotting_author').insert({ name });
      await expect(drained(begun('jotting_author').where({ name }).stream())).resolves.toMatchObject([{ name }]);
    });
  });

  test('a setting of one is gone with it, and keeps no connection', async () => {
    await db.transaction((begun) => begun.raw(`select set_config('app.tenant', ?, true)`, ['ann']));
    await stage.allReturned();
  });

  test('one whose connection is lost fails, and the next is sound', async () => {
    const lost = db.transaction(async (begun) => {
      await begun.raw('select 1');
      await begun.raw('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(lost).rejects.toThrow();
    const name = stage.name();
    await db.transaction((begun) => begun('jotting_author').insert({ name }));
    await expect(names([name])).resolves.toEqual([name]);
  });
});

test('a session reads its own write, while replay stands still', async () => {
  await stage.pauseReplay();
  const name = stage.name();
  await stage.fleet.session(async () => {
    await db('jotting_author').insert({ name });
    await expect(db('jotting_author').where({ name }).first()).resolves.toMatchObject({ name });
  });
  await expect(db('jotting_author').where({ name }).first()).resolves.toBeUndefined();
});

test('migrations are run once, though replicas have not heard of them yet', async () => {
  await stage.pauseReplay();
  const ran: string[] = [];
  const migrations = {
    tableName: 'jotting_migration',
    migrationSource: {
      getMigrations: async () => ['one'],
      getMigrationName: (name: string) => name,
      getMigration: async (name: string) => ({
        async up(on: Knex) {
          ran.push(name);
          await on.schema.createTable('jotting_made', (table) => table.increments());
        },
        down: (on: Knex) => on.schema.dropTable('jotting_made'),
      }),
    },
  };
  // It asks whether its tables are there, and what is in them.
  const migrating = knex({ client: knexClient(stage.fleet, knex, { consistency: 'strong' }), migrations });
  await migrating.migrate.latest();
  await migrating.migrate.latest();
  expect(ran).toEqual(['one']);
  await migrating.migrate.rollback();
  await migrating.destroy();
});

test('what its reads ask for is asked', async () => {
  const reports = knex({ client: knexClient(stage.fleet, knex, { endpoint: 'reports' }) });
  stage.fleet.flags.disable('reports');
  expect(await stage.roles(() => reports('jotting_note'))).toEqual(['primary']);
  stage.fleet.flags.enable('reports');
  expect(await stage.roles(() => reports('jotting_note'))).toEqual(['replica']);
  await reports.destroy();
});

test('a connection that the app takes from Knex keeps what it sets, until it ends', async () => {
  const taken = await db.client.acquireConnection();
  await db.raw(`set application_name = 'taken'`).connection(taken);
  const { rows } = await db.raw('show application_name').connection(taken);
  expect(rows).toEqual([{ application_name: 'taken' }]);
  await db.client.releaseConnection(taken);
  await db.destroy();
});

describe('the end of a Knex', () => {
  test('is its own: it refuses, and the fleet goes on', async () => {
    await db('jotting_note').first();
    await db.destroy();
    await expect(db('jotting_note').first()).rejects.toThrow('Unable to acquire a connection');
    await expect(stage.fleet.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('that of the fleet is told to who goes on', async () => {
    const fleet = await connect(stage.servers.ground.contract, FAST);
    const log = { warn: jest.fn() };
    const closed = knex({ client: knexClient(fleet, knex), log });
    await fleet.close();
    await expect(closed.raw('select 1')).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
    await closed.destroy();
  });
});

describe('the pool of Knex', () => {
  test('has as many places as the fleet has connections, and none that is kept', () => {
    const { readPool, writePool } = stage.fleet;
    const { max, min } = db.client.pool;
    expect({ max, min }).toEqual({ min: 0, max: (writePool.options.max ?? 0) + 2 * (readPool.options.max ?? 0) });
  });

  test('has what it is told', async () => {
    const other = knex({ client: knexClient(stage.fleet, knex), pool: { max: 3 } });
    expect(other.client.pool).toMatchObject({ min: 0, max: 3 });
    await other.destroy();
  });

  test('calls afterCreate, which may ask what leaves nothing behind', async () => {
    const created: unknown[] = [];
    const other = knex({
      client: knexClient(stage.fleet, knex),
      pool: {
        afterCreate(client: { query: (text: string, done: (error: Error) => void) => void }, done: unknown) {
          created.push(client);
          client.query('select 1', (error) => (done as (...args: unknown[]) => void)(error, client));
        },
      },
    });
    await other('jotting_note').first();
    expect(created).toHaveLength(1);
    await other.destroy();
  });
});

describe('options that speak of connections are refused, with the mend:', () => {
  const over = (options: Knex.Config) =>
    knex({ client: knexClient(stage.fleet, knex), log: { warn: jest.fn() }, ...options });

  test.each<[string, Knex.Config]>([
    ['connection', { connection: 'postgres://a/b' }],
    ['connectionPool', { connectionPool: {} as never }],
    ['searchPath', { searchPath: ['app'] }],
  ])('`%s`', (name, options) => {
    expect(() => over(options)).toThrow(
      expect.objectContaining({ code: 'READFLEET_KNEX_OPTIONS', message: expect.stringContaining(`\`${name}\``) }),
    );
  });

  test('`pool.afterCreate` that makes a setting', async () => {
    const other = over({
      pool: {
        afterCreate(client: { query: (text: string, done: (error: Error) => void) => void }, done: unknown) {
          client.query(`set timezone = 'UTC'`, (error) => (done as (...args: unknown[]) => void)(error, client));
        },
      },
    });
    await expect(other.raw('select 1')).rejects.toMatchObject({
      code: 'READFLEET_KNEX_OPTIONS',
      message: expect.stringContaining('alter role'),
    });
    await other.destroy();
  });

  test('what is no fleet', () => {
    expect(() => knexClient(undefined as unknown as Fleet, knex)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_NOT_A_FLEET',
        message: expect.stringContaining('knexClient(fleet, knex)'),
      }),
    );
  });
});
