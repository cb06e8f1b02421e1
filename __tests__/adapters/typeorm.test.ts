import { saidBy } from '../support/example';
import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'typeorm',
  label: 'TypeORM',
  package: 'typeorm',
  subject: 'typeorm',
  own: { subject: 'typeorm-own', label: 'its `replication`', package: 'typeorm' },
});

test('the example runs as its users would run it, and says where each thing ran', async () => {
  expect(await saidBy('examples/orm/typeorm.ts')).toEqual([
    'save: primary',
    'find, in the session that saved: Replicas, with 1 comment',
    'find: replica',
    'query builder: replica',
    'raw select: replica',
    'raw update: primary',
    'transaction: primary',
    'find that must be right now: primary',
    '50 finds while blue is killed: all answered',
    'another data source, beside a dead replica: 1 post',
  ]);
});
