/** Every command of the runbooks, run in order on a local fleet of their own; what needs an account at AWS is counted, and no more. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { type MonitoringHandler, monitoringHandler } from '../../monitoring/http';
import { blocksOf, needsAws } from './commands';

const ROOT = path.join(__dirname, '../..');
const FOLDER = path.join(ROOT, 'docs/runbooks');
const PAGES = readdirSync(FOLDER);
const ADMIN = 'the-admin-token-of-the-runbooks';
/** `npx readfleet`, from the sources: nothing is installed for a test. */
const NPX = `npx() { shift; "${process.execPath}" --import "${pathToFileURL(require.resolve('tsx'))}" "${path.join(ROOT, 'cli/index.ts')}" "$@"; }`;

let folder: string;
let local: LocalFleet;
let fleet: Fleet;
let handler: MonitoringHandler;
let app: Server;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'readfleet-runbook-'));
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.writeContract(path.join(folder, 'fleet.json'));
  fleet = await connect(local.contract);
  handler = monitoringHandler(fleet, { token: 'the-token-of-those-who-look', admin: ADMIN, metrics: false });
  app = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  handler?.close();
  app?.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
  await fleet?.close();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly text: string;
}

function run(command: string): Promise<Ended> {
  const { port } = app.address() as AddressInfo;
  const env = { ...process.env, APPS: `http://127.0.0.1:${port}`, ADMIN, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', `${NPX}\n${command}`], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr }),
    );
  });
}

/** What finds something to tell says so by 1; anything else is a command that did not work. */
function fits(command: string, { code, text }: Ended): boolean {
  const asks = /^npx readfleet (status|doctor)/.test(command);
  return (code === 0 || (asks && code === 1)) && (!asks || /primary[\s\S]*blue/.test(text));
}

test.each(PAGES)('the commands of %s', async (page) => {
  const commands = blocksOf(path.join(FOLDER, page)).flatMap(({ on, commands }) =>
    commands.map((command) => ({ on, command })),
  );

  for (const { on, command } of commands.filter((one) => !needsAws(one.command))) {
    if (on === undefined) {
      const ended = await run(command);
      if (!fits(command, ended)) throw new Error(`${command}\nexit code ${ended.code}\n${ended.text}`);
    } else await (on === 'primary' ? local.primary : local.replica('green')).query(command);
  }
});

test('a switch of the runbooks does what its page says', async () => {
  const [disable, drain, everything, enable, undrain, on] = blocksOf(path.join(FOLDER, 'switch-off.md')).flatMap(
    ({ commands }) => commands,
  );
  const state = () => ({
    search: fleet.flags.list().find(({ endpoint }) => endpoint === 'search')?.enabled,
    blue: fleet.status().members.find(({ name }) => name === 'blue')?.state.kind,
    allOff: fleet.flags.allOff,
  });

  await run(disable as string);
  await run(drain as string);
  await run(everything as string);
  expect(state()).toEqual({ search: false, blue: 'draining', allOff: true });

  await run(enable as string);
  await run(undrain as string);
  await run(on as string);
  expect(state()).toEqual({ search: true, blue: 'serving', allOff: false });
});

test('every page stands in the index, and every link leads somewhere', () => {
  const index = readFileSync(path.join(FOLDER, 'README.md'), 'utf8');
  for (const page of PAGES.filter((name) => name !== 'README.md')) expect(index).toContain(`(${page})`);
  for (const page of PAGES) {
    const text = readFileSync(path.join(FOLDER, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)\)/g))
      expect(() => readFileSync(path.resolve(FOLDER, target))).not.toThrow();
  }
});
