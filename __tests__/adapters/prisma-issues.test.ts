import { PrismaPg } from '@prisma/adapter-pg';
import { readReplicas } from '@prisma/extension-read-replicas';
import { Pool } from 'pg';
import { connect } from 'readfleet';
import { type OnFleet, withReplicas } from 'readfleet/prisma';
import { readsOf } from 'readfleet/testing';
import { eventually } from '../support/eventually';
import type { Stage } from './builder-stage';
import { FAST } from './matrix/fast';
import { type Client, clientOn, overFleet, PrismaStage } from './prisma-stage';

let rig: PrismaStage;
let stage: Stage;
let prisma: PrismaStage['prisma'];
/** To be done after the test. */
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  rig = await PrismaStage.start();
  ({ stage, prisma } = rig);
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await stage.servers.mend();
});

afterAll(() => rig?.stop());

describe('prisma/extension-read-replicas #46: can one tell whether a replica is used?', () => {
  test('yes: by asking the database, by what was recorded, and by what the fleet says of its members', async () => {
    const { name } = await stage.author();
    expect(await prisma.$replica().$queryRaw`select pg_is_in_recovery() as standby`).toEqual([{ standby: true }]);
    expect(await prisma.$primary().$queryRaw`select pg_is_in_recovery() as standby`).toEqual([{ standby: false }]);
    const { reads } = await readsOf(stage.fleet, () => prisma.author.findFirst({ where: { name } }));
    expect(reads).toEqual([
      expect.objectContaining({ role: 'replica', text: expect.stringContaining('jotting_author') }),
    ]);
  });

  test('a replica whose address is wrong is seen, though every read is answered', async () => {
    const { contract } = stage.servers.ground;
    const readers = contract.readers.map((reader) => ({ ...reader, port: 1 }));
    const fleet = await connect({ ...contract, readers }, FAST);
    ends.push(() => fleet.close());
    const fallbacks: unknown[] = [];
    fleet.on('fallback', (fallback) => fallbacks.push(fallback));
    const other = withReplicas(fleet, (pool) => clientOn(pool));
    const counted = () => other.$queryRaw`select count(*)::int as n from jotting_author`;
    expect(await counted()).toEqual([{ n: expect.any(Number) }]);
    await eventually(async () => {
      await counted();
      expect(fallbacks).not.toEqual([]);
      const serving = fleet.status().members.filter(({ state }) => state.kind === 'serving');
      expect(serving.map(({ role }) => role)).toEqual(['primary']);
    });
  });
});

describe('prisma/extension-read-replicas #35: safer defaults', () => {
  /** The extension, as its README has it. */
  function extended(): Client & OnFleet<Client> {
    const { primary, replicas } = stage.servers.ground;
    const on = (server: typeof primary) => {
      const pool = new Pool(server);
      ends.push(() => pool.end());
      return clientOn(pool);
    };
    return on(primary).$extends(readReplicas({ replicas: replicas.map(on) as never })) as Client & OnFleet<Client>;
  }

  test('the extension does not find what was just written', async () => {
    const own = extended();
    await stage.pauseReplay();
    const { id } = await own.author.create({ data: { name: stage.name() } });
    expect(await own.author.findUnique({ where: { id } })).toBeNull();
  });

  test('its `$primary()` leaves the transaction of the newest Prisma, which looks to it like a client', async () => {
    const name = stage.name();
    const left = extended().$transaction(async (tx) => {
      await tx.$primary().author.create({ data: { name } });
      throw new Error('taken back');
    });
    await expect(left).rejects.toThrow('taken back');
    expect(await prisma.$primary().author.count({ where: { name } })).toBe(1);
  });

  test('with a fleet a session does', async () => {
    await stage.pauseReplay();
    const found = await stage.fleet.session(async () => {
      const { id } = await prisma.author.create({ data: { name: stage.name() } });
      return prisma.author.findUnique({ where: { id } });
    });
    expect(found).not.toBeNull();
  });

  test('so does the next request, in another client of the same database, by the token of the first', async () => {
    await stage.pauseReplay();
    const name = stage.name();
    const token = await stage.fleet.session(async () => {
      await prisma.author.create({ data: { name } });
      return stage.fleet.session.token();
    });
    const other = overFleet(stage);
    expect(await stage.fleet.session.resume(token, () => other.author.findUnique({ where: { name } }))).not.toBeNull();
  });

  test('or reads are on the primary by default, and on a replica by `$replica()`', async () => {
    const { id } = await stage.author();
    const careful = overFleet(stage, { defaultReads: 'primary' });
    const found = (client: Client) => client.author.findUnique({ where: { id } });
    expect(await stage.roles(() => found(careful))).toEqual(['primary']);
    expect(await stage.roles(() => found(careful.$replica()))).toEqual(['replica']);
    await careful.$disconnect();
  });

  test('`$primary()` of a transaction is the transaction, and `$replica()` there is refused', async () => {
    const name = stage.name();
    const left = prisma.$transaction(async (tx) => {
      await tx.$primary().author.create({ data: { name } });
      expect(() => tx.$replica()).toThrow(expect.objectContaining({ code: 'READFLEET_PRISMA_IN_TRANSACTION' }));
      throw new Error('taken back');
    });
    await expect(left).rejects.toThrow('taken back');
    expect(await prisma.$primary().author.count({ where: { name } })).toBe(0);
  });

  test('`$replica()` writes nothing, also where only the primary is left to read from', async () => {
    const write = () => prisma.$replica().author.create({ data: { name: stage.name() } });
    await expect(write()).rejects.toThrow('read-only transaction');
    await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
    await expect(write()).rejects.toThrow('read-only transaction');
    expect(await prisma.$replica().author.count()).toEqual(expect.any(Number));
  });
});

describe('prisma #29897: a pool that PrismaPg does not take for one', () => {
  /** With a copy of `pg` of its own. */
  function foreignAdapter(): new (pool: Pool) => unknown {
    let adapter: { PrismaPg: new (pool: Pool) => unknown } | undefined;
    jest.isolateModules(() => {
      adapter = require('@prisma/adapter-pg');
    });
    if (!adapter) throw new Error('it was not loaded');
    return adapter.PrismaPg;
  }

  test('two copies of pg are refused, and not taken for options', () => {
    expect(() => withReplicas(stage.fleet, (pool) => clientOn(pool, foreignAdapter()))).toThrow(
      expect.objectContaining({
        code: 'READFLEET_PRISMA_CLIENT',
        message: expect.stringContaining('two copies of "pg"'),
      }),
    );
  });

  test.each([
    ['a client on another pool', () => clientOn(new Pool()), 'on something else'],
    ['no client', () => ({}), 'without an adapter'],
  ])('%s is refused', (_, open, got) => {
    expect(() => withReplicas(stage.fleet, open)).toThrow(
      expect.objectContaining({ code: 'READFLEET_PRISMA_CLIENT', message: expect.stringContaining(got) }),
    );
  });

  test('one that would end the pool is refused: asked again, it would make its own, to the primary alone', () => {
    class Ending extends PrismaPg {
      constructor(pool: Pool) {
        super(pool, { disposeExternalPool: true });
      }
    }
    expect(() => withReplicas(stage.fleet, (pool) => clientOn(pool, Ending))).toThrow(
      expect.objectContaining({ message: expect.stringContaining('disposeExternalPool') }),
    );
  });

  test('a Prisma whose inside is unknown is refused', () => {
    const open = (pool: Pool) => ({ _engineConfig: { adapter: { externalPool: pool } } });
    expect(() => withReplicas(stage.fleet, open)).toThrow(expect.objectContaining({ code: 'READFLEET_PRISMA_CLIENT' }));
  });

  test('what is no fleet is refused, with what it is', () => {
    expect(() => withReplicas(new Pool() as never, (pool) => clientOn(pool))).toThrow(
      expect.objectContaining({ code: 'READFLEET_NOT_A_FLEET', message: expect.stringContaining('Pool') }),
    );
  });
});
