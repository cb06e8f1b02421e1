import { routeRaw } from 'readfleet/typeorm';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { Note, over, Rig, title } from './typeorm-notes';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.start();
});

afterEach(() => rig.servers.mend());
afterAll(() => rig?.stop());

describe('where it runs', () => {
  test.each([
    ['find', (note: Note) => rig.notes.find({ where: { id: note.id }, relations: { remarks: true } })],
    ['findAndCount', () => rig.notes.findAndCount({ take: 1 })],
    ['findOneByOrFail', (note: Note) => rig.notes.findOneByOrFail({ id: note.id })],
    ['count', () => rig.notes.count()],
    ['exists', (note: Note) => rig.notes.existsBy({ id: note.id })],
    ['sum', () => rig.notes.sum('stars', {})],
    ['getMany with a join and a page', () => paged(rig.dataSource.manager).getMany()],
    ['getRawOne', () => rig.notes.createQueryBuilder('n').select('max(n.stars)', 'stars').getRawOne()],
  ])('%s reads from a replica', async (_, read) => {
    const note = await rig.stored();
    expect(await rig.roles(() => read(note))).toEqual(['replica']);
  });

  test.each([
    ['save of a new one, with its relations', () => rig.notes.save({ title: title(), remarks: [{ text: 'first' }] })],
    ['save of one that is there, which it looks up before', (note: Note) => rig.notes.save({ id: note.id, stars: 3 })],
    ['insert', () => rig.notes.insert({ title: title() })],
    ['upsert', (note: Note) => rig.notes.upsert({ title: note.title, stars: 4 }, ['title'])],
    ['update', (note: Note) => rig.notes.update({ id: note.id }, { stars: 5 })],
    ['increment', (note: Note) => rig.notes.increment({ id: note.id }, 'stars', 1)],
    ['softDelete', (note: Note) => rig.notes.softDelete({ id: note.id })],
    ['restore', (note: Note) => rig.notes.restore({ id: note.id })],
    ['remove', (note: Note) => rig.notes.remove(note)],
    ['an update with RETURNING', (note: Note) => starred(note).returning('*').execute()],
  ])('%s runs on the primary', async (_, write) => {
    const note = await rig.stored();
    expect(await rig.roles(() => write(note))).toEqual(['primary']);
  });

  test('typeorm #1640: a read that is given a runner of the master reads from the primary', async () => {
    const runner = rig.dataSource.createQueryRunner('master');
    try {
      expect(await rig.roles(() => rig.notes.createQueryBuilder('n').setQueryRunner(runner).getMany())).toEqual([
        'primary',
      ]);
    } finally {
      await runner.release();
    }
  });

  test.each([
    ['find', () => rig.notes.find({ comment: 'readfleet: primary' })],
    ['a query builder', () => rig.notes.createQueryBuilder('n').comment('readfleet: primary').getMany()],
  ])('a comment sends %s to the primary', async (_, read) => {
    expect(await rig.roles(read)).toEqual(['primary']);
  });

  test('with `defaultMode: master`, only a read that is given a runner of the slave reads from a replica', async () => {
    const careful = await over(rig.fleet, {}, { defaultMode: 'master' });
    const runner = careful.createQueryRunner('slave');
    const query = () => careful.getRepository(Note).createQueryBuilder('n');
    expect(await rig.roles(() => query().getMany())).toEqual(['primary']);
    expect(await rig.roles(() => query().setQueryRunner(runner).getMany())).toEqual(['replica']);
    await runner.release();
    await careful.destroy();
  });

  test('a bound on staleness of its own sends its reads to the primary, and nobody else’s', async () => {
    const strict = await over(rig.fleet, {}, { read: { consistency: 'strong' } });
    const find = (source: DataSource) => rig.roles(() => source.getRepository(Note).find({ take: 1 }));
    expect([await find(strict), await find(rig.dataSource)]).toEqual([['primary'], ['replica']]);
    await strict.destroy();
  });

  test('a stream reads from a replica, and its connection goes back', async () => {
    const note = await rig.stored();
    const rows: { n_title: string }[] = [];
    expect(
      await rig.roles(async () => {
        const stream = await rig.notes.createQueryBuilder('n').where({ id: note.id }).stream();
        for await (const row of stream) rows.push(row);
      }),
    ).toEqual(['replica']);
    expect(rows.map((row) => row.n_title)).toEqual([note.title]);
    await rig.allReturned();
  });
});

describe('raw SQL', () => {
  const count = 'select count(*)::int as n from jotting_note';

  test('runs on the primary, as TypeORM has it', async () => {
    expect(await rig.roles(() => rig.dataSource.query(count))).toEqual(['primary']);
  });

  describe('that is routed', () => {
    let routed: DataSource;
    beforeAll(async () => {
      routed = routeRaw(await over(rig.fleet));
    });
    afterAll(() => routed?.destroy());

    test.each([
      ['a data source', () => routed.query(count)],
      ['a manager', () => routed.manager.query(count)],
      ['a repository', () => routed.getRepository(Note).query(count)],
    ])('reads from a replica when %s is asked', async (_, read) => {
      expect(await rig.roles(read)).toEqual(['replica']);
    });

    test('writes to the primary, and has what it returns', async () => {
      const { roles: where, result } = await rig.servers.asked(() =>
        routed.query('insert into jotting_note (title) values ($1) returning stars', [title()]),
      );
      expect([where, result]).toEqual([['primary'], [{ stars: 0 }]]);
    });

    test('stays in the transaction that it is asked in', async () => {
      const name = title();
      await routed.transaction(async (manager) => {
        await manager.save(Note, { title: name });
        expect(await manager.query(`${count} where title = $1`, [name])).toEqual([{ n: 1 }]);
      });
    });

    test('runs on the runner that it is given', async () => {
      const runner = routed.createQueryRunner('master');
      expect(await rig.roles(() => routed.query(count, [], runner))).toEqual(['primary']);
      await runner.release();
    });

    test('gives its runner back, also when the server refuses', async () => {
      await expect(routed.query('select * from jotting_nowhere')).rejects.toThrow(QueryFailedError);
      await expect(routed.query('insert into jotting_nowhere values (1)')).rejects.toThrow(QueryFailedError);
      await rig.allReturned();
    });
  });
});

describe('transactions', () => {
  test('one that a runner of the slave begins is whole, and on the primary', async () => {
    const runner = rig.dataSource.createQueryRunner('slave');
    const name = title();
    await rig.pauseReplay();
    await runner.startTransaction('REPEATABLE READ');
    await runner.manager.save(Note, { title: name });
    expect(await runner.manager.findOneBy(Note, { title: name })).toMatchObject({ title: name });
    await runner.rollbackTransaction();
    await runner.release();
    expect(await rig.servers.local.primary.query('select 1 from jotting_note where title = $1', [name])).toEqual([]);
  });

  test('what is nested rolls back alone', async () => {
    const [outer, inner] = [title(), title()];
    await rig.dataSource.transaction('SERIALIZABLE', async (manager) => {
      await manager.save(Note, { title: outer });
      const nested = manager.transaction(async (savepoint) => {
        await savepoint.save(Note, { title: inner });
        throw new Error('thrown by the app');
      });
      await expect(nested).rejects.toThrow('thrown by the app');
    });
    await rig.servers.caughtUp();
    expect(await rig.notes.countBy([{ title: outer }, { title: inner }])).toBe(1);
  });

  test('relations that are loaded by queries of their own are in it as well', async () => {
    await rig.pauseReplay();
    const where = await rig.roles(() =>
      rig.dataSource.transaction(async (manager) => {
        const { id } = await manager.save(Note, { title: title(), remarks: [{ text: 'mine' }] });
        const found = await manager.findOne(Note, {
          where: { id },
          relations: { remarks: true },
          relationLoadStrategy: 'query',
        });
        expect(found?.remarks).toMatchObject([{ text: 'mine' }]);
      }),
    );
    expect(where).toEqual(['primary']);
  });

  test('what the server refuses is a `QueryFailedError` with its code, and the connection goes back', async () => {
    const { title: taken } = await rig.stored();
    const refused = rig.notes.insert({ title: taken });
    await expect(refused).rejects.toBeInstanceOf(QueryFailedError);
    await expect(refused).rejects.toMatchObject({ driverError: { code: '23505' } });
    await rig.allReturned();
  });
});

const starred = ({ id }: Note) => rig.notes.createQueryBuilder().update().set({ stars: 6 }).where({ id });

const paged = (manager: EntityManager) =>
  manager.createQueryBuilder(Note, 'n').leftJoinAndSelect('n.remarks', 'r').orderBy('n.id').skip(0).take(1);
