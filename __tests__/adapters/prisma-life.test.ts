import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { withReplicas } from 'readfleet/prisma';
import { readsOf } from 'readfleet/testing';
import { eventually } from '../support/eventually';
import type { Stage } from './builder-stage';
import { clientOn, overFleet, PrismaStage } from './prisma-stage';

let rig: PrismaStage;
let stage: Stage;
let prisma: PrismaStage['prisma'];

beforeAll(async () => {
  rig = await PrismaStage.start();
  ({ stage, prisma } = rig);
});

afterEach(() => stage.servers.mend());

afterAll(() => rig?.stop());

const stored = async (name: string) => (await prisma.$primary().author.count({ where: { name } })) > 0;

describe('what runs where', () => {
  const data = (name = stage.name()) => ({ name, notes: { create: [{ body: 'one' }, { body: 'two' }] } });

  test.each([
    ['findMany', 'replica', () => prisma.author.findMany()],
    ['count', 'replica', () => prisma.author.count()],
    ['a filter by relation', 'replica', () => prisma.author.findFirst({ where: { notes: { some: { body: 'one' } } } })],
    ['$queryRaw that reads', 'replica', () => prisma.$queryRaw`select count(*)::int from jotting_author`],
    ['$queryRaw that locks', 'primary', () => prisma.$queryRaw`select id from jotting_author for update`],
    ['$queryRaw that writes', 'primary', () => prisma.$queryRaw`delete from jotting_note where id < 0 returning id`],
    ['$executeRaw', 'primary', () => prisma.$executeRaw`update jotting_note set body = body where id < 0`],
    ['create with relations', 'primary', () => prisma.author.create({ data: data() })],
    ['createMany', 'primary', () => prisma.author.createMany({ data: [{ name: stage.name() }] })],
    ['updateMany', 'primary', () => prisma.author.updateMany({ where: { id: -1 }, data: { name: 'nobody' } })],
    ['upsert', 'primary', () => upsert(stage.name())],
    ['$transaction([…])', 'primary', () => prisma.$transaction([prisma.author.count(), prisma.author.count()])],
    ['$transaction([…]) of one read', 'replica', () => prisma.$transaction([prisma.author.count()])],
    ['$transaction([…]) of one write', 'primary', () => prisma.$transaction([upsert(stage.name())])],
    ['$transaction(work)', 'primary', () => prisma.$transaction((tx) => tx.author.count())],
    ['that of $replica()', 'replica', () => prisma.$replica().$transaction([prisma.$replica().author.count()])],
  ])('%s: on the %s', async (_, role, work) => {
    expect(await stage.roles(work)).toEqual([role]);
  });

  const upsert = (name: string) => prisma.author.upsert({ where: { name }, create: { name }, update: { name } });
});

describe('transactions', () => {
  test('queries of one are undone together when one of them fails', async () => {
    const { name } = await stage.author();
    const first = stage.name();
    const failed = prisma.$transaction([
      prisma.author.create({ data: { name: first } }),
      prisma.author.create({ data: { name } }),
    ]);
    await expect(failed).rejects.toMatchObject({ code: 'P2002' });
    expect(await stored(first)).toBe(false);
  });

  test('a nested write is undone with what it belongs to', async () => {
    const { name } = await stage.author();
    const failed = prisma.author.create({ data: { name, notes: { create: { body: 'of nobody' } } } });
    await expect(failed).rejects.toMatchObject({ code: 'P2002' });
    expect(await prisma.$primary().$queryRaw`select 1 from jotting_note where body = 'of nobody'`).toEqual([]);
  });

  test('one of a stricter level runs on the primary, at that level', async () => {
    const level = await prisma.$transaction(
      async (tx) => {
        await tx.author.count();
        return tx.$queryRaw`select current_setting('transaction_isolation') as level, pg_is_in_recovery() as standby`;
      },
      { isolationLevel: 'Serializable' },
    );
    expect(level).toEqual([{ level: 'serializable', standby: false }]);
  });

  test('one that takes too long is undone, and its connection comes back', async () => {
    const name = stage.name();
    const late = prisma.$transaction(
      async (tx) => {
        await tx.author.create({ data: { name } });
        await eventually(() =>
          tx.author.count().then(
            () => false,
            () => true,
          ),
        );
        return tx.author.count();
      },
      { timeout: 50 },
    );
    await expect(late).rejects.toMatchObject({ code: 'P2028' });
    await stage.allReturned();
    expect(await stored(name)).toBe(false);
  });

  test('one whose connection the server ends fails alone', async () => {
    const broken = prisma.$transaction(async (tx) => {
      const [mine] = await tx.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await stage.servers.local.primary.query('select pg_terminate_backend($1)', [mine?.pid]);
      await eventually(() =>
        tx.author.count().then(
          () => false,
          () => true,
        ),
      );
      return tx.author.count();
    });
    await expect(broken).rejects.toThrow();
    await stage.allReturned();
    await prisma.$transaction((tx) => tx.author.create({ data: { name: stage.name() } }));
  });

  test('those that cannot begin leave no connection behind', async () => {
    const nonsense = () => prisma.$transaction(async (tx) => tx.author.count(), { isolationLevel: 'Snapshot' });
    for (let n = 0; n < 8; n += 1) await expect(nonsense()).rejects.toThrow();
    await stage.allReturned();
  });
});

test('prepared statements, where Prisma is told to name them, are read on every replica', async () => {
  const { id, name } = await stage.author();
  class Named extends PrismaPg {
    constructor(pool: Pool) {
      super(pool, { statementNameGenerator: ({ sql }) => `jotting_${sql.length}` });
    }
  }
  const named = withReplicas(stage.fleet, (pool) => clientOn(pool, Named));
  await eventually(async () => {
    const { reads } = await readsOf(stage.fleet, async () => {
      const found = await Promise.all(Array.from({ length: 8 }, () => named.author.findFirst({ where: { id } })));
      expect(found).toEqual(found.map(() => ({ id, name })));
    });
    return new Set(reads.map(({ member }) => member)).size === 2;
  });
});

test('`$disconnect()` leaves the fleet open; the client connects again when it is asked', async () => {
  const other = overFleet(stage);
  await other.author.count();
  await other.$disconnect();
  expect(await prisma.author.count()).toEqual(expect.any(Number));
  expect(await stage.roles(() => other.author.findMany())).toEqual(['replica']);
});

test('a part of the app has a client of its own, whose reads ask for something else', async () => {
  const reports = overFleet(stage, { read: { endpoint: 'reports' } });
  const read = () => stage.roles(() => reports.author.findMany());
  expect(await read()).toEqual(['replica']);
  stage.fleet.flags.disable('reports');
  expect(await read()).toEqual(['primary']);
  expect(await stage.roles(() => prisma.author.findMany())).toEqual(['replica']);
  stage.fleet.flags.enable('reports');
});

test('extensions and listeners are those that the client was opened with', async () => {
  const asked: string[] = [];
  const client = withReplicas(stage.fleet, (pool) =>
    clientOn(pool).$extends({
      query: {
        $allOperations({
          operation,
          args,
          query,
        }: {
          operation: string;
          args: object;
          query: (args: object) => unknown;
        }) {
          asked.push(operation);
          return query(args);
        },
      },
    }),
  );
  await client.author.count();
  await client.$primary().author.findMany();
  await client.$replica().author.findFirst({});
  expect(asked).toEqual(['count', 'findMany', 'findFirst']);
});
