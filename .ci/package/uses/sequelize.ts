import assert from 'node:assert/strict';
import { sequelizeOptions } from 'readfleet/sequelize';
import { QueryTypes, Sequelize } from 'sequelize';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const sequelize = new Sequelize({ ...sequelizeOptions(fleet), logging: false });
  assert.deepEqual(await sequelize.query('select 1 as one', { type: QueryTypes.SELECT }), [{ one: 1 }]);
  await sequelize.close();
}
