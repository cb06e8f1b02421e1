import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(__dirname, '../../..');

test.each(['express', 'fastify', 'nestjs'])('the example with %s shows what it says, and ends', async (name) => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', `examples/web/${name}.ts`], { cwd: root });

  expect(stdout.trim().split('\n')).toEqual([
    'alice: POST /notes -> 201, readfleet-local=<token>; Max-Age=300; Path=/; HttpOnly; SameSite=Lax',
    'alice: GET /notes -> 1 note, sets 0 cookies',
    'bob:   GET /notes -> 0 notes, sets 0 cookies',
  ]);
});
