import assert from 'node:assert/strict';
import { routeRaw, typeorm } from 'readfleet/typeorm';
import { DataSource } from 'typeorm';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const dataSource = routeRaw(new DataSource({ type: 'postgres', ...typeorm(fleet), entities: [] }));
  await dataSource.initialize();
  assert.deepEqual(await dataSource.query('select 1 as one'), [{ one: 1 }]);
  await dataSource.destroy();
}
