import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..', '..');

test('examples/orm/drizzle.ts says where each thing runs, and outlives a replica', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/orm/drizzle.ts'], {
    cwd: ROOT,
  });
  expect(stdout.trim().split('\n')).toEqual([
    'insert: primary',
    'findFirst, in the session that inserted: Replicas',
    'select: replica',
    'query with relations: replica',
    '$count: replica',
    'insert within a CTE: primary',
    'select for update: primary',
    'transaction: primary',
    'transaction that only reads: replica',
    '$primary: primary',
    '$replica: replica',
    'report: replica',
    'report, switched off: primary',
    '50 prepared reads while blue is killed: all answered',
  ]);
});
