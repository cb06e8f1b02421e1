import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'mikro-orm',
  label: 'MikroORM',
  package: '@mikro-orm/core',
  subject: 'mikro-orm',
  own: { subject: 'mikro-orm-own', label: 'its `replicas`', package: '@mikro-orm/core' },
});
