import { DataTypes, type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { SEQUENCE, type Subject, TABLE } from '../subject';

type Jotting = Model<{ id: number; body: string }, { body: string }> & { id: number; body: string };

/** What an app asks of Sequelize: the same over a fleet as over its own replication. */
export function asked(sequelize: Sequelize): Omit<Subject, 'fleet' | 'close'> {
  const jottings: ModelStatic<Jotting> = sequelize.define(
    TABLE,
    { id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true }, body: DataTypes.TEXT },
    { tableName: TABLE, timestamps: false },
  );
  const create = async (body: string, transaction?: Transaction) =>
    Number((await jottings.create({ body }, { transaction: transaction ?? null })).id);
  const find = async (id: number, transaction?: Transaction) =>
    (await jottings.findByPk(id, { transaction: transaction ?? null }))?.body;
  const select = (text: string, replacements?: unknown[]) =>
    sequelize.query(text, { type: QueryTypes.SELECT, ...(replacements && { replacements }) });

  return {
    create: (body) => create(body),
    find: (id) => find(id),
    // It has no words for either: raw, as its guide has it.
    writeInCte: (body) =>
      select(`with w as (insert into ${TABLE} (body) values (?) returning id) select id from w`, [body]),
    lockingRead: (id) => jottings.findByPk(id, { lock: true }),
    nextval: () => select(`select nextval('${SEQUENCE}')`),
    transaction: (body) =>
      sequelize.transaction(async (transaction) => find(await create(body, transaction), transaction)),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      await sequelize
        .transaction(async (transaction) => {
          await create(body, transaction);
          throw thrown;
        })
        .catch((error) => {
          if (error !== thrown) throw error;
        });
    },
    createThenFind: async (body) => find(await create(body)),
    slowRead: (seconds) => select(`select count(*), pg_sleep(?) from ${TABLE} where id > 0`, [seconds]),
  };
}
