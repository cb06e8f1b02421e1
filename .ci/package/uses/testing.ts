import assert from 'node:assert/strict';
import { assertReadFrom, caughtUp, readsOf } from 'readfleet/testing';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  await caughtUp(fleet);
  const reads = await readsOf(fleet, () => fleet.query('select 1'));
  assertReadFrom(reads, 'replica');
  assert.equal(reads.writes.length, 0);
}
