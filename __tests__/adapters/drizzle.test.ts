import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'drizzle',
  label: 'Drizzle',
  package: 'drizzle-orm',
  subject: 'drizzle',
  own: { subject: 'drizzle-own', label: 'its `withReplicas`', package: 'drizzle-orm' },
});
