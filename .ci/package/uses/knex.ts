import assert from 'node:assert/strict';
import knex from 'knex';
import { knexClient } from 'readfleet/knex';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const db = knex({ client: knexClient(fleet, knex) });
  assert.deepEqual((await db.raw('select 1 as one')).rows, [{ one: 1 }]);
  await db.destroy();
}
