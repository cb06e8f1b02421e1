import { saidBy } from '../support/example';

test('examples/orm/drizzle.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/drizzle.ts')).toEqual([
    'insert: primary',
    'findFirst, in the session that inserted: Replicas',
    'select: replica',
    'query with relations: replica',
    '$count: replica',
    'insert within a CTE: primary',
    'select for update: primary',
    'transaction: primary',
    'transaction that only reads: replica',
    '$primary: primary',
    '$replica: replica',
    'report: replica',
    'report, switched off: primary',
    '50 prepared reads while blue is killed: all answered',
  ]);
});
