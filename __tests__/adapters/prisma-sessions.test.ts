import { readsOf } from 'readfleet/testing';
import { replicated } from '../support/activity';
import type { Stage } from './builder-stage';
import { type Client, clientOn, PrismaStage } from './prisma-stage';

let rig: PrismaStage;
let stage: Stage;
let prisma: PrismaStage['prisma'];
/** What `new PrismaPg(fleet.pool)` alone gives. */
let plain: Client;

beforeAll(async () => {
  rig = await PrismaStage.start();
  ({ stage, prisma } = rig);
  plain = clientOn(stage.fleet.pool);
});

afterEach(() => stage.servers.mend());

afterAll(() => rig?.stop());

/** Two sessions whose `work` begins in the same tick. */
async function atOnce<A, B>(
  one: () => Promise<A>,
  other: () => Promise<B>,
  before: () => Promise<unknown> = async () => undefined,
) {
  let go: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let ready: (() => void) | undefined;
  const both = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const { session } = stage.fleet;
  const results = Promise.all([
    session(async () => {
      await gate;
      return one();
    }),
    session(async () => {
      await before();
      ready?.();
      await gate;
      return other();
    }),
  ]);
  await both;
  go?.();
  return results;
}

describe('prisma #28434: what Prisma sends together stays in the sessions of those who asked', () => {
  const somebody = (client: Client) => client.author.findUnique({ where: { name: 'somebody else' } });

  describe.each([
    [
      'a `findUnique` beside that of another session',
      async (client: Client) => {
        const name = stage.name();
        const [, found] = await atOnce(
          () => somebody(client),
          () => client.author.findUnique({ where: { name } }),
          () => client.author.create({ data: { name } }),
        );
        return found;
      },
    ],
    [
      '`$transaction([…])` in the tick of another session',
      async (client: Client) => {
        const name = stage.name();
        const [, found] = await atOnce(
          () => somebody(client),
          async () => {
            await client.$transaction([client.author.create({ data: { name } }), client.author.count()]);
            return client.author.findFirst({ where: { name } });
          },
        );
        return found;
      },
    ],
  ])('%s', (_, found) => {
    beforeEach(() => stage.pauseReplay());

    test('is answered in the other session by a plain client', async () => {
      expect(await found(plain)).toBeNull();
    });

    test('finds what its own session wrote', async () => {
      expect(await found(prisma)).not.toBeNull();
    });
  });

  test('an interactive transaction counts for its own session', async () => {
    await stage.pauseReplay();
    const name = stage.name();
    const [, found] = await atOnce(
      () => somebody(prisma),
      async () => {
        await prisma.$transaction((tx) => tx.author.create({ data: { name } }));
        return prisma.author.findUnique({ where: { name } });
      },
    );
    expect(found).not.toBeNull();
  });

  test('within a session many `findUnique` are one statement as before, and so they are without one', async () => {
    const authors = [await stage.author(), await stage.author(), await stage.author()];
    const findAll = () => Promise.all(authors.map(({ id }) => prisma.author.findUnique({ where: { id } })));
    for (const run of [() => stage.fleet.session(findAll), findAll]) {
      const { reads } = await readsOf(stage.fleet, async () => expect(await run()).toMatchObject(authors));
      expect(reads).toHaveLength(1);
    }
  });
});

describe('a read with relations is several statements', () => {
  const READS = {
    findMany: async (client: Client, id: number) =>
      (await client.author.findMany({ where: { id }, include: { notes: true } }))[0],
    findUnique: (client: Client, id: number) => client.author.findUnique({ where: { id }, include: { notes: true } }),
  };

  /** How many of a hundred reads, while one replica stands still, see an author without the note that came with him. */
  async function torn(client: Client, read: keyof typeof READS): Promise<number> {
    const [still, moving] = stage.servers.local.replicas;
    if (!still || !moving) throw new Error('there are two replicas');
    await still.pauseReplay();
    const { id } = await prisma.author.create({
      data: { name: stage.name(), notes: { create: { body: 'with him' } } },
    });
    await replicated(stage.servers.local.primary, [moving]);
    const reads: ReturnType<(typeof READS)['findUnique']>[] = [];
    // Many under way, so that neither replica is the better one for all of them; each in a tick of its own, so that they are not put together.
    for (let n = 0; n < 100; n += 1) {
      reads.push(READS[read](client, id).then((author) => author ?? null));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return (await Promise.all(reads)).filter((author) => author?.notes?.length === 0).length;
  }

  describe.each(['findMany', 'findUnique'] as const)('%s', (read) => {
    test('a plain client may see the later ones older', async () => {
      expect(await torn(plain, read)).toBeGreaterThan(0);
    });

    test('none sees less than those before it', async () => {
      expect(await torn(prisma, read)).toBe(0);
    });
  });

  test('a write gives back its relations from the primary', async () => {
    await stage.pauseReplay();
    const roles = await stage.roles(async () => {
      const name = stage.name();
      const data = { name, notes: { create: [{ body: 'one' }, { body: 'two' }] } };
      const created = await prisma.author.create({ data, include: { notes: true } });
      expect(created.notes).toHaveLength(2);
      const changed = await prisma.author.update({
        where: { name },
        data: { notes: { create: { body: 'three' } } },
        include: { notes: true },
      });
      expect(changed.notes).toHaveLength(3);
    });
    expect(roles).toEqual(['primary']);
  });
});
