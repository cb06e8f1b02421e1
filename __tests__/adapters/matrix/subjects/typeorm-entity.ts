import { Column, type DataSource, Entity, type EntityManager, PrimaryGeneratedColumn } from 'typeorm';
import { SEQUENCE, type Subject, TABLE } from '../subject';

@Entity(TABLE)
export class Jotting {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  body!: string;
}

/** What an app asks of TypeORM: the same over a fleet as over its own replication. */
export function asked(dataSource: DataSource): Omit<Subject, 'fleet' | 'close'> {
  const createWith = async (manager: EntityManager, body: string) => Number((await manager.save(Jotting, { body })).id);
  const findWith = async (manager: EntityManager, id: number) =>
    (await manager.findOneBy(Jotting, { id: String(id) }))?.body;
  const { manager } = dataSource;

  return {
    create: (body) => createWith(manager, body),
    find: (id) => findWith(manager, id),
    writeInCte: (body) =>
      manager
        .createQueryBuilder()
        .addCommonTableExpression(`insert into ${TABLE} (body) values (:body) returning id`, 'w')
        .select('w.id')
        .from('w', 'w')
        .setParameter('body', body)
        .getRawMany(),
    // TypeORM refuses a lock outside of a transaction.
    lockingRead: (id) =>
      dataSource.transaction((inTransaction) =>
        inTransaction.findOne(Jotting, { where: { id: String(id) }, lock: { mode: 'pessimistic_write' } }),
      ),
    nextval: () =>
      manager.createQueryBuilder().select(`nextval('${SEQUENCE}')`, 'ticket').from('(select 1)', 'one').getRawOne(),
    transaction: (body) =>
      dataSource.transaction(async (inTransaction) => findWith(inTransaction, await createWith(inTransaction, body))),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      await dataSource
        .transaction(async (inTransaction) => {
          await createWith(inTransaction, body);
          throw thrown;
        })
        .catch((error) => {
          if (error !== thrown) throw error;
        });
    },
    createThenFind: async (body) => findWith(manager, await createWith(manager, body)),
    slowRead: (seconds) =>
      manager
        .createQueryBuilder(Jotting, 'j')
        .select('count(*)', 'n')
        .addSelect('pg_sleep(:seconds)')
        .where('j.id > 0')
        .setParameter('seconds', seconds)
        .getRawOne(),
  };
}
