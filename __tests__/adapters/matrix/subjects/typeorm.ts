import 'reflect-metadata';
import { connect } from 'readfleet';
import { routeRaw, typeorm } from 'readfleet/typeorm';
import { DataSource } from 'typeorm';
import { FAST } from '../fast';
import { type Candidate, TABLE } from '../subject';
import { asked, Jotting } from './typeorm-entity';

/** The built-in replication of TypeORM, with a fleet for its servers. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const dataSource = routeRaw(new DataSource({ type: 'postgres', ...typeorm(fleet), entities: [Jotting] }));
    await dataSource.initialize();
    const methods = asked(dataSource);
    return {
      ...methods,
      fleet,
      slowRead: (seconds) => dataSource.query(`select count(*), pg_sleep($1) from ${TABLE} where id > 0`, [seconds]),
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await dataSource.destroy();
        await fleet.close();
      },
    };
  },
};
