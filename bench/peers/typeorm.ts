import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';
import { type Address, type Candidate, poolConfig, READ, type Router, SLOW_READ, type Target } from './peer';

const Note = new EntitySchema<{ id: number; body: string }>({
  name: 'note',
  columns: { id: { type: Number, primary: true }, body: { type: String } },
});

export const candidate: Candidate = {
  label: 'TypeORM replication',
  how: "`dataSource.createQueryRunner('slave').query(text, [id])`, released after it: `dataSource.query` asks the primary only",
  async open(target: Target): Promise<Router> {
    const credentials = ({ host, port }: Address) => {
      const { user: username, password, database } = target;
      return { host, port, username, password, database };
    };
    const { idleTimeoutMillis } = poolConfig(target, target.primary);
    const dataSource = new DataSource({
      type: 'postgres',
      replication: { master: credentials(target.primary), slaves: target.replicas.map(credentials) },
      entities: [Note],
      poolSize: target.poolMax,
      connectTimeoutMS: target.connectTimeoutMs,
      extra: { idleTimeoutMillis },
      poolErrorHandler: () => undefined,
      logging: false,
    });
    await dataSource.initialize();

    const onSlave = async (text: string, id: number): Promise<unknown> => {
      const runner = dataSource.createQueryRunner('slave');
      try {
        return await runner.query(text, [id]);
      } finally {
        await runner.release();
      }
    };
    /** The query builder, which chooses between master and slave by itself. */
    const builder = (expression: string) => dataSource.createQueryBuilder().select(expression, 'value');
    return {
      read: (id) => onSlave(READ, id),
      slowRead: (id) => onSlave(SLOW_READ, id),
      body: (result) => (result as { body: string }[])[0]?.body,
      statements: {
        'plain read': () => builder('note.id').from(Note, 'note').where('note.id = 1').getRawMany(),
        'write CTE': () =>
          builder('w.id')
            .addCommonTableExpression("insert into visit (what) values ('cte') returning id", 'w')
            .from('w', 'w')
            .getRawMany(),
        'FOR UPDATE': () =>
          builder('note.id').from(Note, 'note').where('note.id = 1').setLock('pessimistic_write').getRawMany(),
        nextval: () => builder("nextval('ticket')").from('(select 1)', 'one').getRawMany(),
        'advisory lock': () => builder('pg_advisory_lock(1)').from('(select 1)', 'one').getRawMany(),
        'writing function': () => builder('record_visit()').from('(select 1)', 'one').getRawMany(),
      },
      close: () => dataSource.destroy(),
    };
  },
};
