import path from 'node:path';
import { generateClient } from './matrix/subjects/prisma/generate';
import { describeOrm } from './matrix/suite';

const SCHEMA = path.join(__dirname, 'matrix', 'subjects', 'prisma', 'schema.prisma');

describeOrm({
  name: 'prisma',
  label: 'Prisma',
  package: '@prisma/client',
  subject: 'prisma',
  own: {
    subject: 'prisma-own',
    label: 'its `extension-read-replicas`',
    package: '@prisma/extension-read-replicas',
  },
  prepare: (versions) => generateClient('jotting', SCHEMA, versions),
});
