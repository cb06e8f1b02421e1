import assert from 'node:assert/strict';
import { batch } from 'readfleet/batch';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  await fleet.write('create table if not exists message (conversation int)');
  await fleet.session(async () => {
    await fleet.write('truncate message');
    await fleet.write('insert into message values (1), (1), (2)');
    const counts = batch(fleet).counts<number>({ from: 'message', by: 'conversation', type: 'int' });
    assert.deepEqual(await counts.loadMany([1, 2, 3]), [2, 1, 0]);
  });
}
