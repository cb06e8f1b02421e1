import assert from 'node:assert/strict';
import { PrismaPg } from '@prisma/adapter-pg';
import { withReplicas } from 'readfleet/prisma';
import type { Context } from './context.js';

/** Without a generated client, which is the app's own: the adapter that it would have, and the refusal of one on another pool. */
export default async function use({ fleet }: Context): Promise<void> {
  const adapter = await new PrismaPg(fleet.pool.lend()).connect();
  const { rows } = await adapter.queryRaw({ sql: 'select 1 as one', args: [], argTypes: [] });
  assert.deepEqual(rows, [[1]]);
  await adapter.dispose();
  assert.throws(() => withReplicas(fleet, () => ({ noClient: true })), { code: 'READFLEET_PRISMA_CLIENT' });
}
