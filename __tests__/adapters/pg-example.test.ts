import { saidBy } from '../support/example';

test('examples/orm/pg.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/pg.ts')).toEqual([
    'insert: primary',
    'select, in the session that inserted: Replicas',
    'transaction with a lock: primary',
    'select: replica',
    'update within a CTE: primary',
    'read-only transaction: replica',
    'select that must be right now: primary',
    'report: replica',
    'report, switched off: primary',
    'slow select: TimeoutError, and cancelled on its server',
    '50 selects while blue is killed: all answered',
  ]);
});
