/**
 * Sequelize on a primary and two replicas: `npx tsx examples/orm/sequelize.ts` starts them, shows where each thing runs, and ends.
 */
import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { sequelizeOptions } from 'readfleet/sequelize';
import { caughtUp, readsOf } from 'readfleet/testing';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  QueryTypes,
  Sequelize,
} from 'sequelize';

class Post extends Model<InferAttributes<Post>, InferCreationAttributes<Post>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare likes: CreationOptional<number>;

  static on(sequelize: Sequelize): void {
    Post.init(
      {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        title: DataTypes.TEXT,
        likes: { type: DataTypes.INTEGER, defaultValue: 0 },
      },
      { sequelize, tableName: 'post', timestamps: false },
    );
  }
}

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
  // The one line: `...sequelizeOptions(fleet)` stands where a URL stood, or `replication: { write, read }`.
  const sequelize = new Sequelize({ ...sequelizeOptions(fleet), logging: false });
  Post.on(sequelize);
  await shown(fleet, 'sync', () => sequelize.sync());

  await fleet.session(async () => {
    await shown(fleet, 'create', () => Post.create({ title: 'Replicas' }));
    const found = await Post.findOne();
    console.log(`findOne, in the session that created: ${found?.title}`);
  });

  await caughtUp(fleet);
  await shown(fleet, 'findAll', () => Post.findAll());
  await shown(fleet, 'raw select', () => sequelize.query('select count(*) from post', { type: QueryTypes.SELECT }));
  await shown(fleet, 'raw SQL of no type', () => sequelize.query('select count(*) from post'));
  await shown(fleet, 'update that says it is a select', () =>
    sequelize.query('update post set likes = likes + 1 returning likes', { type: QueryTypes.SELECT }),
  );
  await shown(fleet, 'transaction with a lock', () =>
    sequelize.transaction(async (transaction) => {
      const post = await Post.findOne({ lock: true, transaction });
      await post?.increment('likes', { transaction });
    }),
  );
  await shown(fleet, 'transaction that only reads', () =>
    sequelize.transaction({ readOnly: true }, (transaction) => Post.sum('likes', { transaction })),
  );
  // Sequelize knows the option, and its types do not.
  await shown(fleet, 'findAll with useMaster', () => Post.findAll({ useMaster: true } as object));

  const finds = Array.from({ length: 50 }, () => Post.findAll());
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...finds]);
  console.log(`${found.length} finds while blue is killed: all answered`);

  await sequelize.close(); // leaves the fleet open: whoever connected it closes it
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
