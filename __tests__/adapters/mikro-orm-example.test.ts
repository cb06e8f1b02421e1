import { saidBy } from '../support/example';

test('examples/orm/mikro-orm.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/mikro-orm.ts')).toEqual([
    'schema: primary',
    'flush: primary',
    'findOne, in the session that flushed: Replicas',
    'find: replica',
    'query builder: replica',
    'raw SQL: primary',
    'raw SQL for readers: replica',
    'update that says it is for readers: primary',
    'transaction with a lock: primary',
    'transaction that only reads: replica',
    'find that must be right now: primary',
    '50 finds while blue is killed: all answered',
  ]);
});
