import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'kysely',
  label: 'Kysely',
  package: 'kysely',
  subject: 'kysely',
  own: { subject: 'kysely-own', label: 'kysely-replication', package: 'kysely-replication', versions: 'lowest' },
});
