import { connect, type Fleet } from 'readfleet';
import { sequelizeOptions } from 'readfleet/sequelize';
import { DataTypes, type Options, QueryTypes, Sequelize, Transaction } from 'sequelize';
import { eventually } from '../support/eventually';
import { Stage } from './builder-stage';
import { FAST } from './matrix/fast';
import { type Opened, over } from './sequelize-authors';

let stage: Stage;
let opened: Opened;

beforeAll(async () => {
  stage = await Stage.start();
});

beforeEach(() => {
  opened = over(stage);
});

afterEach(async () => {
  await opened.sequelize.close();
  await stage.allReturned();
  await stage.servers.mend();
});

afterAll(() => stage?.stop());

describe('reads that run on a replica:', () => {
  test.each<[string, (given: Opened) => Promise<unknown>]>([
    ['findAll()', ({ authors }) => authors.findAll()],
    ['findOne() with what belongs to it', ({ authors, notes }) => authors.findOne({ include: notes })],
    [
      'what belongs to it, separately',
      ({ authors, notes }) => authors.findAll({ include: { model: notes, separate: true } }),
    ],
    ['count()', ({ notes }) => notes.count()],
    ['max()', ({ notes }) => notes.max('id')],
    ['findAndCountAll()', ({ notes }) => notes.findAndCountAll({ limit: 1 })],
    [
      'raw SQL that is said to be a select',
      ({ sequelize }) => sequelize.query('select * from jotting_note', { type: QueryTypes.SELECT }),
    ],
    [
      'raw SQL with values',
      ({ sequelize }) =>
        sequelize.query('select * from jotting_note where id = $id', { type: QueryTypes.SELECT, bind: { id: 1 } }),
    ],
    [
      'a transaction that only reads',
      ({ sequelize, notes }) =>
        sequelize.transaction({ readOnly: true }, (transaction) => notes.findAll({ transaction })),
    ],
  ])('%s', async (_, work) => {
    await stage.author();
    expect(await stage.roles(() => work(opened))).toEqual(['replica']);
  });
});

describe('what runs on the primary:', () => {
  test.each<[string, (given: Opened, id: number) => Promise<unknown>]>([
    ['useMaster', ({ authors }) => authors.findAll({ useMaster: true } as object)],
    ['a locking read', ({ authors }) => authors.findAll({ lock: Transaction.LOCK.UPDATE })],
    ['raw SQL that is not said to be a select', ({ sequelize }) => sequelize.query('select * from jotting_note')],
    [
      'a write that is said to be a select',
      ({ sequelize }, id) =>
        sequelize.query('update jotting_note set body = ? where author_id = ? returning *', {
          replacements: ['changed', id],
          type: QueryTypes.SELECT,
        }),
    ],
    [
      'bulkCreate()',
      ({ notes }, id) =>
        notes.bulkCreate([
          { body: 'one; of', authorId: id },
          { body: 'two', authorId: id },
        ]),
    ],
    ['upsert()', ({ authors }, id) => authors.upsert({ id, name: `author ${id} again` })],
    ['increment()', ({ notes }, id) => notes.increment('authorId', { by: 0, where: { authorId: id } })],
    ['destroy()', ({ notes }, id) => notes.destroy({ where: { authorId: id } })],
    [
      'a transaction, and what is read in it',
      ({ sequelize, authors }) =>
        sequelize.transaction(async (transaction) => {
          await authors.findAll({ transaction });
          await authors.count({ transaction });
        }),
    ],
    [
      'a serializable transaction',
      ({ sequelize, authors }) =>
        sequelize.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE }, (transaction) =>
          authors.findAll({ transaction }),
        ),
    ],
  ])('%s', async (_, work) => {
    const { id } = await stage.author();
    expect(await stage.roles(() => work(opened, id))).toEqual(['primary']);
  });

  test('read from the primary, what no replica has yet is there', async () => {
    await stage.pauseReplay();
    const { id } = await opened.authors.create({ name: stage.name() });
    await expect(opened.authors.findByPk(id)).resolves.toBeNull();
    await expect(opened.authors.findByPk(id, { useMaster: true } as object)).resolves.toMatchObject({ id });
  });
});

describe('transactions', () => {
  test('a part of one is undone alone', async () => {
    const [kept, undone] = [stage.name(), stage.name()];
    const { sequelize, authors } = opened;
    await sequelize.transaction(async (transaction) => {
      await authors.create({ name: kept }, { transaction });
      await sequelize
        .transaction({ transaction }, async (part) => {
          await authors.create({ name: undone }, { transaction: part });
          throw new Error('thrown by the app');
        })
        .catch(() => undefined);
    });
    const found = await authors.findAll({ where: { name: [kept, undone] }, useMaster: true } as object);
    expect(found.map(({ name }) => name)).toEqual([kept]);
  });

  test('one that only reads is refused its writes', async () => {
    const { sequelize, authors } = opened;
    const written = sequelize.transaction({ readOnly: true }, (transaction) =>
      authors.create({ name: stage.name() }, { transaction }),
    );
    await expect(written).rejects.toThrow('read-only transaction');
  });

  test('one that only reads sees one state', async () => {
    const { sequelize, notes } = opened;
    const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
    await sequelize.transaction({ readOnly: true, isolationLevel }, async (transaction) => {
      const before = await notes.count({ transaction });
      await stage.author();
      expect(await notes.count({ transaction })).toBe(before);
    });
  });

  test('one whose connection is lost fails, and the next is sound', async () => {
    const { sequelize, authors } = opened;
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const lost = sequelize.transaction(async (transaction) => {
      await authors.findAll({ transaction });
      await sequelize.query('select pg_terminate_backend(pg_backend_pid())', { transaction });
    });
    await expect(lost).rejects.toThrow();
    warned.mockRestore();
    await sequelize.transaction((transaction) => authors.create({ name: stage.name() }, { transaction }));
  });

  test('many at once, more than the primary has connections, all come to their end', async () => {
    const { sequelize, authors } = opened;
    const names = Array.from({ length: 20 }, () => stage.name());
    await Promise.all(
      names.map((name) => sequelize.transaction((transaction) => authors.create({ name }, { transaction }))),
    );
    await expect(authors.count({ where: { name: names }, useMaster: true } as object)).resolves.toBe(20);
  });
});

test('values are read as Sequelize reads them', async () => {
  const { id } = await stage.author();
  const kinds = await opened.sequelize.query<Record<string, unknown>>(
    `select created_at, author_id::bigint as big, 1.50::numeric as exact, array[1, 2] as list, '{"a": 1}'::jsonb as document,
            int4range(1, 5) as range from jotting_note where author_id = $id`,
    { type: QueryTypes.SELECT, bind: { id } },
  );
  expect(kinds).toEqual([
    {
      created_at: expect.any(Date),
      big: String(id),
      exact: '1.50',
      list: [1, 2],
      document: { a: 1 },
      range: [
        { value: 1, inclusive: true },
        { value: 5, inclusive: false },
      ],
    },
  ]);
});

test('a moment that was written is the one that is read', async () => {
  const { id } = await stage.author();
  const createdAt = new Date('2024-05-06T07:08:09.123Z');
  const note = await opened.notes.create({ body: 'dated', authorId: id, createdAt });
  await note.reload({ useMaster: true } as object);
  expect(note.createdAt).toEqual(createdAt);
});

test('what its reads ask for is asked', async () => {
  const reports = over(stage, {}, { endpoint: 'reports' });
  stage.fleet.flags.disable('reports');
  expect(await stage.roles(() => reports.authors.findAll())).toEqual(['primary']);
  stage.fleet.flags.enable('reports');
  expect(await stage.roles(() => reports.authors.findAll())).toEqual(['replica']);
  await reports.sequelize.close();
});

test('sync() makes tables that replicas have not heard of, and models with them work', async () => {
  await stage.pauseReplay();
  const moods = opened.sequelize.define(
    'Mood',
    { kind: DataTypes.ENUM('fair', 'foul') },
    { tableName: 'jotting_mood' },
  );
  await moods.sync();
  await moods.sync({ alter: true });
  await moods.create({ kind: 'fair' });
  await expect(moods.findAll({ useMaster: true } as object)).resolves.toMatchObject([{ kind: 'fair' }]);
  await moods.drop({});
});

describe('the end of a Sequelize', () => {
  test('is its own: it refuses, and the fleet goes on', async () => {
    const { sequelize, authors } = over(stage);
    await authors.findAll();
    await sequelize.close();
    await expect(authors.findAll()).rejects.toThrow('closed');
    await expect(stage.fleet.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('that of the fleet is told to who goes on', async () => {
    const fleet = await connect(stage.servers.ground.contract, FAST);
    const sequelize = new Sequelize({ ...sequelizeOptions(fleet), logging: false });
    await fleet.close();
    await expect(sequelize.authenticate()).rejects.toMatchObject({ original: { code: 'READFLEET_CLOSED' } });
    await sequelize.close();
  });
});

test('as many statements may be under way as the fleet has connections', () => {
  const { readPool, writePool } = stage.fleet;
  const places = (writePool.options.max ?? 0) + 2 * (readPool.options.max ?? 0);
  expect(sequelizeOptions(stage.fleet).pool).toEqual({ max: places });
});

describe('options that speak of connections are refused, with the mend:', () => {
  test.each<[string, Options, string, string]>([
    ['`replication`', { replication: { write: { host: 'a' }, read: [{ host: 'b' }] } }, 'SEQUELIZE', 'by the name of'],
    ['`keepDefaultTimezone`', { keepDefaultTimezone: false } as object, 'SEQUELIZE', 'alter role'],
    ['`dialectOptions` without ours', { dialectOptions: {} }, 'SEQUELIZE', 'clientMinMessages'],
    ['`ssl`', { dialectOptions: { clientMinMessages: 'ignore', ssl: true } }, 'CLIENT', '`tls`'],
    [
      '`statement_timeout`',
      { dialectOptions: { clientMinMessages: 'ignore', statement_timeout: 5 } },
      'CLIENT',
      'alter role',
    ],
    ['`username`', { username: 'x' }, 'SEQUELIZE', '`username`. Remove it'],
    ['`password`', { password: 'y' }, 'SEQUELIZE', '`password`. Remove it'],
    ['`port`', { port: 6432 }, 'SEQUELIZE', '`port`. Remove it'],
    ['another `database`', { database: 'other' }, 'SEQUELIZE', '`database` (the fleet is connected to'],
  ])('%s', async (_, options, code, mend) => {
    const { sequelize } = over(stage, options);
    const refused = await sequelize.authenticate().catch((error) => error.original ?? error);
    expect(refused).toMatchObject({ code: `READFLEET_${code}_OPTIONS`, message: expect.stringContaining(mend) });
    await sequelize.close();
  });

  test('a URL, of which neither the user nor the password is told', async () => {
    const options = { ...sequelizeOptions(stage.fleet), logging: false } as const;
    const sequelize = new Sequelize('postgres://somebody:hidden@nowhere.invalid:6432/other', options);
    const refused = await sequelize.authenticate().catch((error) => error.original ?? error);
    expect(refused).toMatchObject({
      code: 'READFLEET_SEQUELIZE_OPTIONS',
      message: expect.stringMatching(/by a URL, .*: `username`, `password`, `port`, `database` \(the fleet/),
    });
    expect(refused.message).not.toMatch(/somebody|hidden/);
    await sequelize.close();
  });

  test('what is no fleet', () => {
    expect(() => sequelizeOptions({} as Fleet)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_NOT_A_FLEET',
        message: expect.stringContaining('sequelizeOptions(fleet)'),
      }),
    );
  });

  test('reads that ask for what there is not', () => {
    expect(() => sequelizeOptions(stage.fleet, { maxStalenessMs: -1 })).toThrow('maxStalenessMs');
  });
});

test('the connections of a Sequelize that is not used go by themselves', async () => {
  const { sequelize, authors } = over(stage, { pool: { max: 2, idle: 10, evict: 10 } });
  await authors.findAll();
  const { pool } = sequelize.connectionManager as unknown as { pool: { read: { size: number } } };
  await eventually(() => pool.read.size === 0);
  await authors.findAll();
  await sequelize.close();
});
