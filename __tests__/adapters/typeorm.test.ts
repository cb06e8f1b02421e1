import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'typeorm',
  label: 'TypeORM',
  package: 'typeorm',
  subject: 'typeorm',
  own: { subject: 'typeorm-own', label: 'its `replication`', package: 'typeorm' },
});
