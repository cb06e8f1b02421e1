import { saidBy } from '../support/example';

test('examples/orm/prisma.ts says where each thing runs, and outlives a replica', async () => {
  expect(await saidBy('examples/orm/prisma.ts')).toEqual([
    'create with its relations: primary',
    'findUnique, in the session that created: Replicas',
    'findMany with relations: replica',
    '$queryRaw: replica',
    '$queryRaw for update: primary',
    'update: primary',
    '$transaction(work): primary',
    '$transaction([…]): primary',
    '$primary(): primary',
    '$replica(): replica',
    'report: replica',
    'report, switched off: primary',
    '50 reads while blue is killed: all answered',
  ]);
});
