import { saidBy } from '../support/example';

test('examples/orm/sequelize.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/sequelize.ts')).toEqual([
    'sync: primary',
    'create: primary',
    'findOne, in the session that created: Replicas',
    'findAll: replica',
    'raw select: replica',
    'raw SQL of no type: primary',
    'update that says it is a select: primary',
    'transaction with a lock: primary',
    'transaction that only reads: replica',
    'findAll with useMaster: primary',
    '50 finds while blue is killed: all answered',
  ]);
});
