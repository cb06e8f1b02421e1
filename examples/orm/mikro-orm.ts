/**
 * MikroORM on a primary and two replicas: `npx tsx examples/orm/mikro-orm.ts` starts them, shows where each thing runs, and ends.
 */
import { EntitySchema, LockMode, MikroORM, type Opt, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { mikroOrmDriver } from 'readfleet/mikro-orm';
import { caughtUp, readsOf } from 'readfleet/testing';

interface Post {
  id: number;
  title: string;
  likes: number & Opt;
}

const Post = new EntitySchema<Post>({
  name: 'Post',
  properties: {
    id: { type: 'number', primary: true },
    title: { type: 'text' },
    likes: { type: 'number', default: 0 },
  },
});

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue', 'green'] });
  const fleet = await connect(local.contract, { maxStalenessMs: 5_000 });
  try {
    await tour(local, fleet);
  } finally {
    await fleet.close();
    await local.stop();
  }
}

async function tour(local: LocalFleet, fleet: Fleet): Promise<void> {
  // The one line: this `driver` stands where `host`, `user`, `password` and `replicas` stood.
  const orm = await MikroORM.init({
    driver: mikroOrmDriver(fleet, PostgreSqlDriver),
    dbName: fleet.contract.database,
    entities: [Post],
  });
  await shown(fleet, 'schema', () => orm.schema.createSchema());

  await fleet.session(async () => {
    const em = orm.em.fork();
    em.create(Post, { title: 'Replicas' });
    await shown(fleet, 'flush', () => em.flush());
    const found = await orm.em.fork().findOne(Post, { title: 'Replicas' });
    console.log(`findOne, in the session that flushed: ${found?.title}`);
  });

  await caughtUp(fleet);
  const em = orm.em.fork();
  await shown(fleet, 'find', () => em.find(Post, { likes: { $lt: 5 } }));
  await shown(fleet, 'query builder', () =>
    em
      .createQueryBuilder(Post)
      .where({ likes: { $lt: 5 } })
      .getResult(),
  );
  await shown(fleet, 'raw SQL', () => em.getConnection().execute('select count(*) from post'));
  await shown(fleet, 'raw SQL for readers', () => em.getConnection('read').execute('select count(*) from post'));
  await shown(fleet, 'update that says it is for readers', () =>
    em.getConnection('read').execute('update post set likes = likes + 1 returning likes'),
  );
  await shown(fleet, 'transaction with a lock', () =>
    em.transactional(async (inside) => {
      const post = await inside.findOneOrFail(Post, { id: 1 }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      post.likes += 1;
    }),
  );
  await shown(fleet, 'transaction that only reads', () =>
    em.transactional((inside) => inside.count(Post), { readOnly: true }),
  );
  await shown(fleet, 'find that must be right now', () => em.find(Post, {}, { connectionType: 'write' }));

  const finds = Array.from({ length: 50 }, () => orm.em.fork().find(Post, {}));
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...finds]);
  console.log(`${found.length} finds while blue is killed: all answered`);

  await orm.close(); // leaves the fleet open: whoever connected it closes it
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
