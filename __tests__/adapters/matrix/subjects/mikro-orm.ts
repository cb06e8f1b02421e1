import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { connect } from 'readfleet';
import { mikroOrmDriver } from 'readfleet/mikro-orm';
import { FAST } from '../fast';
import type { Candidate } from '../subject';
import { asked, Jotting } from './mikro-orm-entity';

// It compares its version with packages of the working directory, which are not those of this process.
process.env.MIKRO_ORM_ALLOW_VERSION_MISMATCH = '1';

/** MikroORM, with a fleet for its servers. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const orm = await MikroORM.init({
      driver: mikroOrmDriver(fleet, PostgreSqlDriver),
      dbName: fleet.contract.database,
      entities: [Jotting],
    });
    const methods = asked(orm);
    return {
      ...methods,
      fleet,
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await orm.close();
        await fleet.close();
      },
    };
  },
};
