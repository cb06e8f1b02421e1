import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { withReplicas } from 'readfleet/drizzle';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const db = withReplicas(fleet, (client) => drizzle({ client }));
  const { rows } = await db.$primary.execute(sql`select pg_is_in_recovery() as recovering`);
  assert.deepEqual(rows, [{ recovering: false }]);
}
