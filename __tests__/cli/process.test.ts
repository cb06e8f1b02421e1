import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { folder } from './folder';

const ROOT = path.join(__dirname, '../..');
const files = folder();
let local: LocalFleet;
let contract: string;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: 1 });
  contract = path.join(files.path, 'fleet.json');
  await local.writeContract(contract);
});

afterAll(() => local?.stop());

/** The command as a process of its own. */
function start(command: string) {
  const child = spawn('/bin/bash', ['-c', `set -o pipefail; exec 2>&1; ${command}`], {
    cwd: ROOT,
    env: { ...process.env, CONTRACT: contract, READFLEET: `${process.execPath} --import tsx cli/index.ts` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  const heard = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const tell of heard) tell();
  });
  const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out })),
  );
  return {
    child,
    ended,
    said: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (out.includes(text)) resolve();
        };
        heard.add(look);
        look();
      }),
  };
}

test('piped output is plain, and the exit code tells', async () => {
  const { code, out } = await start('$READFLEET status --contract "$CONTRACT"').ended;

  expect(out).toContain('local/local  2 members, all well');
  expect(out).not.toContain('\u001b');
  expect(code).toBe(0);
});

test('a reader that has seen enough is no error', async () => {
  const { code, out } = await start('$READFLEET alerts --contract "$CONTRACT" --print grafana | head -n 1').ended;

  expect({ code, out }).toEqual({ code: 0, out: '{\n' });
});

test('nor is it while a status is watched, which ends', async () => {
  const { code, out } = await start('$READFLEET status --contract "$CONTRACT" --watch 0.1 | head -n 1').ended;

  expect(out).toMatch(/^local\/local {2}2 members, all well .*\n$/);
  expect(code).toBe(0);
});

test('Ctrl-C ends a watched status, as it is meant to', async () => {
  const running = start('exec $READFLEET status --contract "$CONTRACT" --watch 0.1');
  await running.said('all well');
  running.child.kill('SIGINT');

  const { code, out } = await running.ended;

  expect(code).toBe(0);
  expect(out).not.toContain('    at ');
});

test('Ctrl-C ends a doctor that is at work: 130, and no word', async () => {
  const [asked, go] = [path.join(files.path, 'asked'), path.join(files.path, 'go')];
  // Whoever is asked for a password and does not answer keeps it at work.
  const command = `touch "${asked}"; until [ -e "${go}" ]; do sleep 0.05; done`;
  const running = start(
    `export READFLEET_PASSWORD_COMMAND='${command}'; exec $READFLEET doctor --contract "$CONTRACT"`,
  );
  await eventually(() => existsSync(asked));
  running.child.kill('SIGINT');
  await new Promise((resolve) => running.child.once('exit', resolve));
  files.write('go', '');

  expect(await running.ended).toEqual({ code: 130, out: '' });
});
