import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { childrenOf, processTable } from '../../../local/processes';
import { eventually } from '../../support/eventually';

const ROOT = path.join(__dirname, '..', '..', '..');
const started: ChildProcess[] = [];

// A hundred thousand rows on a busy machine.
jest.setTimeout(120_000);

/** As the README says, but for npx, which would be one process more between us and the signals. */
function run(app: string, ...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/apps/${app}/index.ts`, ...args], { cwd: ROOT });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

test.each([
  ['gists', '/gists/nearby?lat=48.2&lon=16.4'],
  ['orders', '/orders/7'],
  ['chat', '/conversations?first=3'],
])('%s starts by itself, answers, and leaves nothing behind when it is told to end', async (app, path) => {
  const { child, ended, said } = run(app);
  const url = await eventually(() => new RegExp(`${app}: (http://\\S+)`).exec(said())?.[1] ?? false, {
    timeoutMs: 90_000,
  });

  const response = await fetch(`${url}${path}`);
  expect(response.status).toBe(200);
  expect(said()).toContain('curl -s');
  const servers = childrenOf(child.pid ?? 0, await processTable());
  expect(servers.length).toBeGreaterThan(0);
  child.kill('SIGTERM');

  expect(await ended).toBe(0);
  await eventually(async () => {
    const left = await processTable();
    return servers.every((pid) => !left.has(pid));
  });
});

test('with --load it prints what replicas change, and ends', async () => {
  const { ended, said } = run('orders', '--load', '--seconds', '1');

  expect(await ended).toBe(0);
  const rows = said()
    .split('\n')
    .filter((line) => /^(without replicas|with 2 replicas|one is killed) /.test(line));
  const figures = rows.map((row) => row.slice(22).trim().split(/\s+/).map(Number));
  expect(figures).toHaveLength(3);
  for (const [perSecond = 0, , , , , , failed] of figures) {
    expect(perSecond).toBeGreaterThan(0);
    expect(failed).toBe(0);
  }
  // Where they ran: none on replicas before, and next to none on the primary after.
  expect(figures[0]?.[5]).toBe(0);
  expect(figures[1]?.[5]).toBeGreaterThan(figures[1]?.[4] ?? 0);
});

test('an option that there is not is told', async () => {
  const { ended, said } = run('orders', '--lode');

  expect(await ended).not.toBe(0);
  expect(said()).toContain('--lode');
});
