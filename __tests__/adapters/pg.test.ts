import { describeOrm } from './matrix/suite';

describeOrm({
  name: 'pg',
  label: 'pg',
  package: 'pg',
  subject: 'pg',
  own: { subject: 'pg-by-hand', label: 'two pools by hand', package: 'pg' },
});
