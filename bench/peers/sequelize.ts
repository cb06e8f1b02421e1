import { DataTypes, literal, QueryTypes, Sequelize } from 'sequelize';
import { type Candidate, READ, type Router, SLOW_READ, type StatementKind, type Target, TEXTS } from './peer';

export const candidate: Candidate = {
  label: 'Sequelize replication',
  how: '`sequelize.query(text, { type: QueryTypes.SELECT, bind: [id] })`',
  async open(target: Target): Promise<Router> {
    const { user: username, password, database, connectTimeoutMs } = target;
    const sequelize = new Sequelize(database, username, password, {
      dialect: 'postgres',
      replication: {
        write: { ...target.primary, username, password },
        read: target.replicas.map((replica) => ({ ...replica, username, password })),
      },
      // One pool serves all its replicas, so it is as large as theirs together.
      pool: {
        max: target.poolMax * target.replicas.length,
        acquire: connectTimeoutMs,
        idle: target.idleTimeoutMs || 3_600_000,
      },
      dialectOptions: { connectionTimeoutMillis: connectTimeoutMs },
      logging: false,
    });
    const Note = sequelize.define(
      'note',
      { id: { type: DataTypes.INTEGER, primaryKey: true }, body: DataTypes.TEXT },
      { tableName: 'note', timestamps: false },
    );

    const select = (text: string, bind?: unknown[]) =>
      sequelize.query<{ body: string; standby: boolean }>(text, { type: QueryTypes.SELECT, ...(bind ? { bind } : {}) });
    const text = (kind: StatementKind) => async () => (await select(TEXTS[kind]))[0]?.standby === true;
    return {
      read: (id) => select(READ, [id]),
      slowRead: (id) => select(SLOW_READ, [id]),
      body: (result) => (result as { body: string }[])[0]?.body,
      statements: {
        'plain read': text('plain read'),
        'write CTE': text('write CTE'),
        'FOR UPDATE': async () => {
          const found = (await Note.findOne({
            attributes: [[literal('pg_is_in_recovery()'), 'standby']],
            where: { id: 1 },
            lock: true,
            raw: true,
          })) as unknown as { standby: boolean } | null;
          return found?.standby === true;
        },
        nextval: text('nextval'),
        'advisory lock': text('advisory lock'),
        'writing function': text('writing function'),
      },
      close: () => sequelize.close(),
    };
  },
};
