import assert from 'node:assert/strict';
import { EntitySchema, MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { mikroOrmDriver } from 'readfleet/mikro-orm';
import type { Context } from './context.js';

const note = new EntitySchema<{ id: number }>({ name: 'Note', properties: { id: { type: 'int', primary: true } } });

export default async function use({ contract, fleet }: Context): Promise<void> {
  const orm = await MikroORM.init({
    driver: mikroOrmDriver(fleet, PostgreSqlDriver),
    dbName: contract.database,
    entities: [note],
  });
  assert.deepEqual(await orm.em.getConnection().execute('select 1 as one'), [{ one: 1 }]);
  await orm.close();
}
