import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..', '..');

test('examples/orm/sequelize.ts says where each thing runs, and outlives a replica', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/orm/sequelize.ts'], {
    cwd: ROOT,
  });
  expect(stdout.trim().split('\n')).toEqual([
    'sync: primary',
    'create: primary',
    'findOne, in the session that created: Replicas',
    'findAll: replica',
    'raw select: replica',
    'raw SQL of no type: primary',
    'update that says it is a select: primary',
    'transaction with a lock: primary',
    'transaction that only reads: replica',
    'findAll with useMaster: primary',
    '50 finds while blue is killed: all answered',
  ]);
});
