import { saidBy } from '../support/example';

test('examples/orm/knex.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/knex.ts')).toEqual([
    'create table: primary',
    'insert: primary',
    'select, in the session that inserted: Replicas',
    'select: replica',
    'raw select: replica',
    'stream: Replicas',
    'update within a CTE: primary',
    'select for update: primary',
    'transaction: primary',
    'transaction that only reads: replica',
    'select that must be right now: primary',
    'report: replica',
    'report, switched off: primary',
    'slow select: KnexTimeoutError, and cancelled on its server',
    '50 selects while blue is killed: all answered',
  ]);
});
