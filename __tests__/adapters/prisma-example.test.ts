import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..', '..');

test('examples/orm/prisma.ts says where each thing runs, and outlives a replica', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/orm/prisma.ts'], {
    cwd: ROOT,
  });
  expect(stdout.trim().split('\n')).toEqual([
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
