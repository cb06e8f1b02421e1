import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'sequelize',
  label: 'Sequelize',
  package: 'sequelize',
  subject: 'sequelize',
  own: { subject: 'sequelize-own', label: 'its `replication`', package: 'sequelize' },
});
