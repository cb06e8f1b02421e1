import { describeOrm } from './matrix/suite';

describeOrm({ name: 'knex', label: 'Knex', package: 'knex', subject: 'knex' });
