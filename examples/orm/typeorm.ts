/**
 * TypeORM on a primary and two replicas: `npx tsx examples/orm/typeorm.ts` starts them, shows where each thing runs, and ends.
 */
import 'reflect-metadata';
import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { caughtUp, readsOf } from 'readfleet/testing';
import { routeRaw, typeorm } from 'readfleet/typeorm';
import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
class Post {
  @PrimaryGeneratedColumn('identity')
  id!: number;

  @Column('text')
  title!: string;

  @Column('int', { default: 0 })
  likes!: number;

  @OneToMany(
    () => Comment,
    (comment) => comment.post,
    { cascade: true },
  )
  comments!: Comment[];
}

@Entity()
class Comment {
  @PrimaryGeneratedColumn('identity')
  id!: number;

  @Column('text')
  text!: string;

  @ManyToOne(
    () => Post,
    (post) => post.comments,
  )
  post!: Post;
}

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue', 'green'] });
  const fleet = await connect(local.contract, { maxStalenessMs: 1_000 });
  try {
    await tour(local, fleet);
  } finally {
    await fleet.close();
    await local.stop();
  }
}

async function tour(local: LocalFleet, fleet: Fleet): Promise<void> {
  // The one line: `...typeorm(fleet)` stands where `replication: { master, slaves }` stood, or `host`, `port`, `username`, `password`.
  const dataSource = new DataSource({
    type: 'postgres',
    ...typeorm(fleet),
    entities: [Post, Comment],
    synchronize: true,
  });
  routeRaw(dataSource); // raw SQL goes where the statement belongs; without this line, to the primary
  await dataSource.initialize();
  const posts = dataSource.getRepository(Post);

  await fleet.session(async () => {
    await shown(fleet, 'save', () => posts.save({ title: 'Replicas', comments: [{ text: 'first' }] }));
    const found = await posts.findOne({ where: {}, relations: { comments: true } });
    console.log(`find, in the session that saved: ${found?.title}, with ${found?.comments.length} comment`);
  });

  await caughtUp(fleet);
  await shown(fleet, 'find', () => posts.find({ relations: { comments: true } }));
  await shown(fleet, 'query builder', () => posts.createQueryBuilder('p').where('p.likes < 5').getMany());
  await shown(fleet, 'raw select', () => dataSource.query('select count(*) from post'));
  await shown(fleet, 'raw update', () => dataSource.query('update post set likes = likes + 1'));
  await shown(fleet, 'transaction', () =>
    dataSource.transaction(async (manager) => {
      const post = await manager.findOneOrFail(Post, { where: {}, lock: { mode: 'pessimistic_write' } });
      await manager.increment(Post, { id: post.id }, 'likes', 1);
    }),
  );

  const master = dataSource.createQueryRunner('master');
  await shown(fleet, 'find that must be right now', () =>
    posts.createQueryBuilder('p').setQueryRunner(master).getOne(),
  );
  await master.release();

  const finds = Array.from({ length: 50 }, () => posts.find());
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...finds]);
  console.log(`${found.length} finds while blue is killed: all answered`);

  // Another process would start now as well: the loss of a slave is not seen, at boot either.
  const another = await new DataSource({ type: 'postgres', ...typeorm(fleet), entities: [Post, Comment] }).initialize();
  console.log(`another data source, beside a dead replica: ${await another.getRepository(Post).count()} post`);
  await another.destroy();

  await dataSource.destroy(); // leaves the fleet open: whoever connected it closes it
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
