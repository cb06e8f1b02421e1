import assert from 'node:assert/strict';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { kyselyPool } from 'readfleet/kysely';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: kyselyPool(fleet) }) });
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db);
  assert.deepEqual(rows, [{ one: 1 }]);
  await db.destroy();
}
