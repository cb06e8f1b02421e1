import { DataTypes, QueryTypes, Sequelize } from 'sequelize';
import { type Candidate, READ, type Router, SLOW_READ, type Target, TEXTS } from './peer';

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
      sequelize.query<{ body: string }>(text, { type: QueryTypes.SELECT, ...(bind ? { bind } : {}) });
    return {
      read: (id) => select(READ, [id]),
      slowRead: (id) => select(SLOW_READ, [id]),
      body: (result) => (result as { body: string }[])[0]?.body,
      statements: {
        'plain read': () => Note.findOne({ where: { id: 1 } }),
        'write CTE': () => select(TEXTS['write CTE']),
        'FOR UPDATE': () => Note.findOne({ where: { id: 1 }, lock: true }),
        nextval: () => select(TEXTS.nextval),
        'advisory lock': () => select(TEXTS['advisory lock']),
        'writing function': () => select(TEXTS['writing function']),
      },
      close: () => sequelize.close(),
    };
  },
};
