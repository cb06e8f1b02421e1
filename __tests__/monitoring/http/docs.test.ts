import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { monitoringHandler, PATHS } from '../../../monitoring/http';
import { openApi } from '../../../monitoring/http/openapi';
import { memberOf } from '../../support/counts';
import { ADMIN, TOKEN } from './support/requests';

const text = readFileSync(path.join(__dirname, '../../../docs/http.md'), 'utf8');
const commands = text.split('\n').filter((line) => line.startsWith('curl '));

let local: LocalFleet;
let fleet: Fleet;
let server: Server;
let url: string;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connect(local.contract);
  server = createServer(monitoringHandler(fleet, { token: TOKEN, admin: ADMIN })).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await fleet?.close();
  await local?.stop();
});

/** Runs a line as the shell does, with `curl` put in its place: not every machine that runs the tests has one. */
async function send(command: string): Promise<{ status: number; body: string }> {
  const script = 'curl() { printf "%s\\n" "$@"; }; eval "$COMMAND"';
  const env = { ...process.env, COMMAND: command, URL: url, TOKEN, ADMIN };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], { env });
  const words = stdout.trimEnd().split('\n');
  const headers: Record<string, string> = {};
  let method = 'GET';
  let body: string | undefined;
  let address = '';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-sf' || word === '-s') continue;
    if (word === '-X') method = words.shift() ?? '';
    else if (word === '-d') body = words.shift();
    else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(': ');
      headers[name] = value;
    } else if (word.startsWith('-')) throw new Error(`the test does not know curl's ${word}`);
    else address = word;
  }
  const response = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, body: await response.text() };
}

test.each(commands)('%s', async (command) => {
  const { status, body } = await send(command);
  expect({ status, body }).toMatchObject({ status: command.endsWith('/drain') ? 202 : 200 });
});

test('in their order they leave the fleet as it was', () => {
  expect(fleet.flags.allOff).toBe(false);
  expect(fleet.flags.list()).toEqual([{ endpoint: 'message.history', enabled: true, percent: 100 }]);
  expect(memberOf(fleet, 'blue')).toMatchObject({
    state: { kind: 'serving' },
    breaker: { state: 'closed', forced: undefined },
  });
});

test('every switch of the library has its command, and every view but those for browsers and programs', () => {
  const wanted = Object.keys(openApi.paths).filter(
    (template) =>
      ![PATHS.page, PATHS.stream, PATHS.openapi, `${PATHS.admin}/actions/{name}`].includes(template as never),
  );
  const shown = commands.map((command) =>
    command
      .replace(/^.*\$URL/, '')
      .replace('message.history', '{endpoint}')
      .replace('blue', '{member}'),
  );
  expect([...shown].sort()).toEqual([...wanted].sort());
});

test('every path that is served is told of', () => {
  for (const one of Object.values(PATHS)) expect(text).toContain(one);
});

test('every status is told of', () => {
  const statuses = [...text.matchAll(/^\| (\d{3}) /gm)].map(([, status]) => Number(status));
  const described = Object.keys(openApi.components.responses).map((name) => Number(name.replace('Problem', '')));
  expect(statuses).toEqual([...described, 405].sort());
});
