import { Sequelize } from 'sequelize';
import type { Candidate, Server } from '../subject';
import { asked } from './sequelize-model';

/** As the guide of Sequelize has it. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const credentials = ({ user, port, ...server }: Server) => ({ ...server, port: String(port), username: user });
    const sequelize = new Sequelize({
      dialect: 'postgres',
      replication: { write: credentials(primary), read: replicas.map(credentials) },
      logging: false,
    });
    await sequelize.authenticate();
    return { ...asked(sequelize), close: () => sequelize.close() };
  },
};
