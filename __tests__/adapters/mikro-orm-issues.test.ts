import type { MikroORM } from '@mikro-orm/postgresql';
import { connect } from 'readfleet';
import { startLocalFleet } from 'readfleet/local';
import { replicated } from '../support/activity';
import { eventually } from '../support/eventually';
import { Stage } from './builder-stage';
import { FAST } from './matrix/fast';
import { Author, over, own } from './mikro-orm-authors';

let stage: Stage;
const opened: MikroORM[] = [];

/** To be closed after the test. */
async function opening(orm: Promise<MikroORM>): Promise<MikroORM> {
  opened.push(await orm);
  return orm;
}

beforeAll(async () => {
  stage = await Stage.start();
});

afterEach(async () => {
  for (const orm of opened.splice(0)) await orm.close();
  await stage.servers.mend();
});

afterAll(() => stage?.stop());

describe('mikro-orm #4845: a query builder is to read the primary where replicas are not preferred', () => {
  test.each([
    ['its own replicas', () => own(stage.servers.ground, { preferReadReplicas: false })],
    ['a fleet', () => over(stage.fleet, { preferReadReplicas: false })],
  ])('with %s it does', async (_, open) => {
    const { em } = await opening(open());
    const reads = async () => {
      await em.fork().createQueryBuilder(Author).getResultList();
      await em.fork().find(Author, {});
    };
    expect(await stage.roles(reads)).toEqual(['primary']);
  });

  test('a query builder of one query may say so', async () => {
    const { em } = await opening(over(stage.fleet));
    expect(await stage.roles(() => em.fork().createQueryBuilder(Author, 'a', 'write').getResultList())).toEqual([
      'primary',
    ]);
  });
});

describe('mikro-orm #4868: an upsert asks for what it wrote, while replay stands still', () => {
  test.each([
    ['its own replicas', () => own(stage.servers.ground)],
    ['a fleet', () => over(stage.fleet)],
  ])('with %s it is found', async (_, open) => {
    const { em } = await opening(open());
    await stage.pauseReplay();
    const name = stage.name();
    await expect(em.fork().upsert(Author, { name })).resolves.toMatchObject({ id: expect.any(Number), name });
  });
});

describe('mikro-orm #2994: what belongs to an entity is read where the entity is', () => {
  test.each([
    ['joined', 'joined'],
    ['by a query of its own', 'select-in'],
  ] as const)('%s, on the primary', async (_, strategy) => {
    const { id } = await stage.author();
    const { em } = await opening(over(stage.fleet));
    const found = () =>
      em.fork().findOneOrFail(Author, { id }, { populate: ['notes'], strategy, connectionType: 'write' });
    expect(await stage.roles(found)).toEqual(['primary']);
  });
});

describe('mikro-orm: a replica is down', () => {
  test('its own replicas go on being asked', async () => {
    const { id } = await stage.author();
    const [victim] = stage.servers.local.replicas;
    const { em } = await opening(own({ ...stage.servers.ground, replicas: stage.servers.ground.replicas.slice(0, 1) }));
    await victim?.kill();
    await expect(em.fork().findOne(Author, { id })).rejects.toThrow('ECONNREFUSED');
  });

  test('a fleet answers', async () => {
    const { id, name } = await stage.author();
    const [victim] = stage.servers.local.replicas;
    const { em } = await opening(over(stage.fleet));
    await victim?.kill();
    for (let n = 0; n < 20; n += 1) await expect(em.fork().findOne(Author, { id })).resolves.toMatchObject({ name });
  });
});

describe('lido-keys-api #268: after a failover MikroORM goes on writing to a server that only reads', () => {
  test('with a fleet it writes to the new primary, in the same process', async () => {
    const local = await startLocalFleet({ replicas: ['blue'] });
    const fleet = await connect(local.contract, { ...FAST, failover: { silenceMs: 100 } });
    const orm = await over(fleet);
    try {
      await local.primary.query('create table jotting_author (id serial primary key, name text unique)');
      await replicated(local.primary, local.replicas);
      const create = async (name: string) => {
        const em = orm.em.fork();
        await em.persistAndFlush(em.create(Author, { name } as Author));
      };
      await create('before');
      await replicated(local.primary, local.replicas);
      await local.primary.kill();
      await local.replica('blue').promote();
      let tries = 0;
      await eventually(async () => {
        tries += 1;
        return create(`try ${tries}`).then(
          () => true,
          () => false,
        );
      });
      const names = await orm.em.fork().find(Author, {}, { connectionType: 'write', orderBy: { id: 'asc' } });
      expect(names.map(({ name }) => name)).toEqual(['before', `try ${tries}`]);
    } finally {
      await orm.close();
      await fleet.close();
      await local.stop();
    }
  });
});
