import { connect } from 'readfleet';
import { sequelizeOptions } from 'readfleet/sequelize';
import { Sequelize } from 'sequelize';
import { FAST } from '../fast';
import type { Candidate } from '../subject';
import { asked } from './sequelize-model';

/** The `replication` of Sequelize, with a fleet for its servers. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const sequelize = new Sequelize({ ...sequelizeOptions(fleet), logging: false });
    await sequelize.authenticate();
    const methods = asked(sequelize);
    return {
      ...methods,
      fleet,
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await sequelize.close();
        await fleet.close();
      },
    };
  },
};
