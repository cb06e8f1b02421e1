import 'reflect-metadata';
import { DataSource } from 'typeorm';
import type { Candidate, Server } from '../subject';
import { asked, Jotting } from './typeorm-entity';

/** As the guide of TypeORM has it. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const credentials = ({ user, ...server }: Server) => ({ ...server, username: user });
    const dataSource = new DataSource({
      type: 'postgres',
      replication: { master: credentials(primary), slaves: replicas.map(credentials) },
      entities: [Jotting],
    });
    await dataSource.initialize();
    return { ...asked(dataSource), close: () => dataSource.destroy() };
  },
};
