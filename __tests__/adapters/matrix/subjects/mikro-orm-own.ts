import { MikroORM } from '@mikro-orm/postgresql';
import type { Candidate } from '../subject';
import { asked, Jotting } from './mikro-orm-entity';

// It takes a replica by the dice. Here each in turn, so that every run sees the same.
let turn = 0;
Math.random = () => {
  turn += 1;
  return turn % 2 === 0 ? 0.25 : 0.75;
};

/** As the guide of MikroORM has it; replicas are preferred by default. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const { database, ...server } = primary;
    const orm = await MikroORM.init({
      ...server,
      dbName: database,
      replicas: replicas.map(({ host, port }) => ({ host, port })),
      entities: [Jotting],
    });
    return { ...asked(orm), close: () => orm.close() };
  },
};
