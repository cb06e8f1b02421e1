import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..', '..');

test('examples/orm/kysely.mts says where each thing runs, and outlives a replica', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/orm/kysely.mts'], {
    cwd: ROOT,
  });
  expect(stdout.trim().split('\n')).toEqual([
    'create table: primary',
    'insert: primary',
    'select, in the session that inserted: Replicas',
    'select: replica',
    'select by the sql tag: replica',
    'update within a CTE: primary',
    'select for update: primary',
    'transaction: primary',
    'read-only transaction: replica',
    'stream: replica',
    'select that must be right now: primary',
    'report: replica',
    'report, switched off: primary',
    '50 selects while blue is killed: all answered',
  ]);
});
