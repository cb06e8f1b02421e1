import { saidBy } from '../support/example';

test('examples/orm/kysely.mts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/kysely.mts')).toEqual([
    'create table: primary',
    'insert: primary',
    'select, in the session that inserted: Replicas',
    'select: replica',
    'select by the sql tag: replica',
    'update within a CTE: primary',
    'select for update: primary',
    'transaction: primary',
    'read-only transaction: replica',
    'stream: replica',
    'select that must be right now: primary',
    'report: replica',
    'report, switched off: primary',
    '50 selects while blue is killed: all answered',
  ]);
});
