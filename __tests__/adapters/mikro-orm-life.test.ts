import { IsolationLevel, LockMode, type MikroORM, type Options, PostgreSqlDriver, raw } from '@mikro-orm/postgresql';
import { connect, type Fleet } from 'readfleet';
import { mikroOrmDriver } from 'readfleet/mikro-orm';
import { Stage } from './builder-stage';
import { FAST } from './matrix/fast';
import { Author, Note, over } from './mikro-orm-authors';

let stage: Stage;
let orm: MikroORM;

beforeAll(async () => {
  stage = await Stage.start();
  orm = await over(stage.fleet, { driverOptions: { log: { warn: () => undefined } } });
});

afterEach(async () => {
  await stage.allReturned();
  await stage.servers.mend();
});

afterAll(async () => {
  await orm?.close();
  await stage?.stop();
});

describe('what runs on a replica:', () => {
  test.each<[string, (em: MikroORM['em']) => Promise<unknown>]>([
    ['find()', (em) => em.find(Author, {})],
    ['find() with what belongs to it', (em) => em.find(Author, {}, { populate: ['notes'] })],
    ['findAndCount()', (em) => em.findAndCount(Note, {}, { limit: 1 })],
    ['count()', (em) => em.count(Note)],
    [
      'a query builder',
      (em) => em.createQueryBuilder(Note, 'n').leftJoin('n.author', 'a').select(raw('count(*)')).execute(),
    ],
    ['raw SQL for readers', (em) => em.getConnection('read').execute('select * from jotting_note')],
    ['Knex for readers', (em) => em.getKnex('read')('jotting_note').select()],
    ['a transaction that only reads', (em) => em.transactional((inside) => inside.find(Note, {}), { readOnly: true })],
  ])('%s', async (_, work) => {
    await stage.author();
    expect(await stage.roles(() => work(orm.em.fork()))).toEqual(['replica']);
  });
});

describe('what runs on the primary:', () => {
  test.each<[string, (em: MikroORM['em'], id: number) => Promise<unknown>]>([
    ["connectionType: 'write'", (em) => em.find(Author, {}, { connectionType: 'write' })],
    ['raw SQL', (em) => em.getConnection().execute('select * from jotting_note')],
    ['Knex', (em) => em.getKnex()('jotting_note').select()],
    ['nativeUpdate()', (em, id) => em.nativeUpdate(Note, { author: id }, { body: 'changed' })],
    [
      'insertMany()',
      (em, id) =>
        em.insertMany(Note, [
          { body: 'a', author: id },
          { body: 'b', author: id },
        ]),
    ],
    ['upsertMany()', (em, id) => em.upsertMany(Author, [{ id, name: `author ${id}` }])],
    [
      'a change that is flushed',
      async (em, id) => {
        const note = await em.findOneOrFail(Note, { author: id }, { connectionType: 'write' });
        note.body = 'changed';
        await em.flush();
      },
    ],
    ['a lock', (em) => em.transactional((inside) => inside.find(Note, {}, { lockMode: LockMode.PESSIMISTIC_READ }))],
    [
      'a write that is said to be for readers',
      (em, id) =>
        em
          .getConnection('read')
          .execute('update jotting_note set body = ? where author_id = ? returning id', ['x', id]),
    ],
    [
      'a transaction, and what is read in it',
      (em) =>
        em.transactional(async (inside) => {
          await inside.find(Author, {});
          await inside.createQueryBuilder(Note).getResultList();
          await inside.execute('select * from jotting_note');
        }),
    ],
    [
      'a serializable one that only reads',
      (em) =>
        em.transactional((inside) => inside.find(Note, {}), {
          readOnly: true,
          isolationLevel: IsolationLevel.SERIALIZABLE,
        }),
    ],
  ])('%s', async (_, work) => {
    const { id } = await stage.author();
    expect(await stage.roles(() => work(orm.em.fork(), id))).toEqual(['primary']);
  });
});

describe('transactions', () => {
  const names = async (given: string[]) =>
    (await orm.em.fork().find(Author, { name: given }, { connectionType: 'write' })).map(({ name }) => name);

  test('a part of one is undone alone', async () => {
    const [kept, undone] = [stage.name(), stage.name()];
    await orm.em.fork().transactional(async (em) => {
      await em.insert(Author, { name: kept });
      await em
        .transactional(async (part) => {
          await part.insert(Author, { name: undone });
          throw new Error('thrown by the app');
        })
        .catch(() => undefined);
    });
    await expect(names([kept, undone])).resolves.toEqual([kept]);
  });

  test('a part of one that only reads stays with it on its replica', async () => {
    const read = () =>
      orm.em
        .fork()
        .transactional((em) => em.transactional((part) => part.find(Note, {}), { readOnly: true }), { readOnly: true });
    await stage.author();
    expect(await stage.roles(read)).toEqual(['replica']);
  });

  test('a part that only reads of one that writes sees what was written', async () => {
    const name = stage.name();
    await orm.em.fork().transactional(async (em) => {
      await em.insert(Author, { name });
      await em.transactional(async (part) => expect(await part.findOne(Author, { name })).toMatchObject({ name }), {
        readOnly: true,
      });
    });
  });

  test('begin() and rollback() leave nothing', async () => {
    const em = orm.em.fork();
    const name = stage.name();
    await em.begin();
    await em.insert(Author, { name });
    await em.rollback();
    await expect(names([name])).resolves.toEqual([]);
  });

  test('one whose connection is lost fails, and the next is sound', async () => {
    const em = orm.em.fork();
    const lost = em.transactional((inside) => inside.execute('select pg_terminate_backend(pg_backend_pid())'));
    await expect(lost).rejects.toThrow();
    const name = stage.name();
    await orm.em.fork().transactional((inside) => inside.insert(Author, { name }));
    await expect(names([name])).resolves.toEqual([name]);
  });
});

test('a session reads its own write, while replay stands still', async () => {
  await stage.pauseReplay();
  const name = stage.name();
  await stage.fleet.session(async () => {
    await orm.em.fork().insert(Author, { name });
    await expect(orm.em.fork().findOne(Author, { name })).resolves.toMatchObject({ name });
  });
  await expect(orm.em.fork().findOne(Author, { name })).resolves.toBeNull();
});

test('a moment that was written is the one that is read', async () => {
  const { id } = await stage.author();
  const createdAt = new Date('2024-05-06T07:08:09.123Z');
  const noteId = await orm.em.fork().insert(Note, { body: 'dated', author: id, createdAt });
  await stage.servers.caughtUp();
  await expect(orm.em.fork().findOne(Note, { id: noteId as never })).resolves.toMatchObject({ createdAt });
});

test('the schema is looked at where it is changed', async () => {
  await stage.pauseReplay();
  const sql = await orm.schema.getUpdateSchemaSQL({ safe: true });
  expect(sql).not.toContain('create table "jotting_note"');
  await orm.schema.execute('create table jotting_made (id int)');
  await orm.schema.execute('drop table jotting_made');
});

test('what its reads ask for is asked', async () => {
  const reports = await over(stage.fleet, {}, { endpoint: 'reports' });
  stage.fleet.flags.disable('reports');
  expect(await stage.roles(() => reports.em.fork().find(Note, {}))).toEqual(['primary']);
  stage.fleet.flags.enable('reports');
  expect(await stage.roles(() => reports.em.fork().find(Note, {}))).toEqual(['replica']);
  await reports.close();
});

describe('the end of a MikroORM', () => {
  test('is its own: the fleet goes on, and it can connect again', async () => {
    const other = await over(stage.fleet);
    await other.em.fork().find(Note, {});
    await other.close();
    await expect(stage.fleet.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
    await other.connect();
    await expect(other.isConnected()).resolves.toBe(true);
    await other.close();
  });

  test('that of the fleet is told to who goes on', async () => {
    const fleet = await connect(stage.servers.ground.contract, FAST);
    const closed = await over(fleet, { logger: () => undefined });
    await fleet.close();
    await expect(closed.em.fork().find(Note, {})).rejects.toThrow('is closed');
    await closed.close();
  });
});

describe('options that speak of connections are refused, with the mend:', () => {
  test.each<[string, Options, string]>([
    ['`replicas`', { replicas: [{ host: 'a' }] }, 'MIKRO_ORM'],
    ['`dbName`', { dbName: 'another' }, 'MIKRO_ORM'],
    ['`searchPath`', { driverOptions: { searchPath: 'app' } }, 'KNEX'],
  ])('%s', async (name, options, code) => {
    const refused = { code: `READFLEET_${code}_OPTIONS`, message: expect.stringContaining(name.replaceAll('`', '')) };
    await expect(over(stage.fleet, options)).rejects.toMatchObject(refused);
  });

  test('`statement_timeout`', async () => {
    const other = await over(stage.fleet, {
      driverOptions: { connection: { statement_timeout: 5 } },
      ensureDatabase: false,
      logger: () => undefined,
    });
    await expect(other.checkConnection()).resolves.toMatchObject({
      ok: false,
      reason: expect.stringContaining('alter role'),
    });
    await other.close();
  });

  test('what is no fleet', () => {
    expect(() => mikroOrmDriver(null as unknown as Fleet, PostgreSqlDriver)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_NOT_A_FLEET',
        message: expect.stringContaining('mikroOrmDriver(fleet, PostgreSqlDriver)'),
      }),
    );
  });
});
