import { EntitySchema, LockMode, type MikroORM, raw, type SqlEntityManager } from '@mikro-orm/postgresql';
import { SEQUENCE, type Subject, TABLE } from '../subject';

export interface Jotting {
  id: string;
  body: string;
}

export const Jotting = new EntitySchema<Jotting>({
  name: 'Jotting',
  tableName: TABLE,
  properties: { id: { type: 'bigint', primary: true }, body: { type: 'text' } },
});

/** What an app asks of MikroORM: the same over a fleet as over its own replicas. */
export function asked(orm: MikroORM): Omit<Subject, 'fleet' | 'close'> {
  const fork = () => orm.em.fork() as SqlEntityManager;
  const create = async (body: string, em = fork()) => {
    const jotting = em.create(Jotting, { body } as Jotting);
    await em.persistAndFlush(jotting);
    return Number(jotting.id);
  };
  // Not from its identity map.
  const find = async (id: number, em = fork()) =>
    (await em.findOne(Jotting, { id: String(id) }, { refresh: true }))?.body;

  return {
    create: (body) => create(body),
    find: (id) => find(id),
    writeInCte: (body) =>
      fork()
        .getConnection('read')
        .execute(`with w as (insert into ${TABLE} (body) values (?) returning id) select id from w`, [body]),
    // It refuses a lock outside of a transaction.
    lockingRead: (id) =>
      fork().transactional((em) => em.findOne(Jotting, { id: String(id) }, { lockMode: LockMode.PESSIMISTIC_WRITE })),
    nextval: () =>
      fork()
        .createQueryBuilder(Jotting)
        .select(raw('nextval(?)', [SEQUENCE]))
        .limit(1)
        .execute('get'),
    transaction: (body) => fork().transactional(async (em) => find(await create(body, em), em)),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      await fork()
        .transactional(async (em) => {
          await create(body, em);
          throw thrown;
        })
        .catch((error) => {
          if (error !== thrown) throw error;
        });
    },
    createThenFind: async (body) => find(await create(body)),
    slowRead: (seconds) =>
      fork()
        .createQueryBuilder(Jotting)
        .select([raw('count(*)'), raw('pg_sleep(?)', [seconds])])
        .where({ id: { $gt: '0' } })
        .execute(),
  };
}
