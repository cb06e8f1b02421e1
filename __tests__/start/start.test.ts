import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '../../lib';
import { eventually } from '../support/eventually';
import { listens } from '../support/footprint';

const ROOT = path.join(__dirname, '..', '..');

/** `npm start`, without npm: what it prints, and how it ends. */
class Run {
  output = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly child: ChildProcess;

  constructor(readonly args: readonly string[]) {
    this.child = spawn(process.execPath, ['--import', 'tsx', 'start/index.ts', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text) => (this.output += text));
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  interrupt(signal: NodeJS.Signals = 'SIGINT'): void {
    this.child.kill(signal);
  }

  says(text: string | RegExp): Promise<unknown> {
    return eventually(() => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output)), {
      timeoutMs: 45_000,
    });
  }

  /** The last line on a member, cell by cell. */
  row(member: string): string[] {
    return (this.output.split('\n').findLast((line) => line.startsWith(`${member} `)) ?? '').split(/ {2,}/);
  }

  pid(member: string): number {
    return Number(this.row(member).at(-1));
  }
}

let folder: string;
let contract: string;
let run: Run | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'readfleet-start-test-'));
  contract = path.join(folder, 'fleet.json');
});

afterEach(async () => {
  run?.interrupt('SIGTERM');
  await run?.ended;
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): Run {
  run = new Run(['--contract', contract, ...args]);
  return run;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('it does the whole main job and ends by itself, leaving nothing', async () => {
  const whole = start('--for', '2s');
  expect(await whole.ended).toEqual({ code: 0, signal: null });

  for (const environment of ['dev', 'staging', 'production']) {
    expect(whole.output).toMatch(
      new RegExp(`${environment} +(?:instances|multi-az-cluster): primary, .*; \\d+ resources; [\\d.]+ s`),
    );
  }
  expect(whole.output).toMatch(process.env.CI ? /production +valid: Terraform / : /valid: Terraform |left out/);
  expect(whole.output).toMatch(/PostgreSQL \d+: primary on port \d+, 2 streaming replicas/);
  expect(whole.row('primary').slice(1, 3)).toEqual(['primary', 'serving']);
  expect(Number(whole.row('replica-1')[5])).toBeGreaterThan(0);
  expect(whole.output).toMatch(/since the start \d+ reads, 0 failed, .* 0 failed/);
  expect(whole.output).toContain('Ended; nothing is left behind.');
  for (const member of ['primary', 'replica-1', 'replica-2']) expect(runs(whole.pid(member))).toBe(false);
  expect(existsSync(contract)).toBe(false);
});

test('a replica that is killed by hand is seen to go, and not one read fails', async () => {
  const live = start('--no-terraform', '--replicas', '2');
  await live.says(/replica-2 .*\d+\n.*since the start/);

  process.kill(live.pid('replica-1'), 'SIGKILL');
  await live.says('replica-1: serving -> ejected');
  await live.says(/replica-1 +replica +ejected .*\n.*\n.*since the start/);

  live.interrupt();
  expect(await live.ended).toEqual({ code: 0, signal: null });
  expect(live.output).toMatch(/since the start \d+ reads, 0 failed, [^\n]*\nEnded; nothing is left behind\.\n$/);
});

test('its status page shows the fleet, and a fault that is asked for there happens', async () => {
  const live = start('--no-terraform', '--replicas', '2', '--port', '0');
  await live.says('Reads and writes');
  const page = /Status page: (\S+)/.exec(live.output)?.[1] as string;
  expect((await fetch(new URL('/', page))).url).toBe(page);
  expect(await (await fetch(page)).text()).toContain('<!doctype html>');

  const killed = await fetch(`${page}/admin/actions/kill`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ member: 'replica-2' }),
  });
  expect(await killed.json()).toEqual({ text: 'Kill: replica-2' });
  await live.says(/replica-2: serving -> ejected/);
  const health = (await (await fetch(`${page}/replicas/health`)).json()) as { healthy: boolean };
  expect(health.healthy).toBe(false);

  live.interrupt();
  expect(await live.ended).toEqual({ code: 0, signal: null });
  expect(live.output).toMatch(/Ended; nothing is left behind\.\n$/);
  await expect(fetch(page)).rejects.toThrow();
});

test('a port that is taken is told, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const live = start('--no-terraform', '--replicas', '1', '--port', String(port));

  expect((await live.ended).code).toBe(1);
  taken.close();
  expect(live.output).toContain(`port ${port} is taken. Name another one with --port, or 0 for any that is free.`);
});

test('while it runs, its contract serves any other app; with Ctrl-C it goes', async () => {
  const live = start('--no-terraform', '--replicas', '1', '--writes', '0');
  await live.says('Reads and writes');

  const fleet = await connect({ file: contract });
  expect((await fleet.query<{ n: number }>('select count(*)::int as n from purchase')).rows).toEqual([{ n: 20_000 }]);
  await fleet.close();
  const { writer } = JSON.parse(readFileSync(contract, 'utf8'));
  expect(writer.name).toBe('primary');

  live.interrupt();
  expect((await live.ended).code).toBe(0);
  expect(existsSync(contract)).toBe(false);
});

test('Ctrl-C ends it while PostgreSQL is still starting, too', async () => {
  const live = start('--no-terraform');
  await live.says('starting primary');
  live.interrupt();
  expect((await live.ended).code).toBe(0);
  expect(live.output).toContain('Ended; nothing is left behind.');
});

test('a failure half-way is told, and what was started is taken down', async () => {
  writeFileSync(contract, 'a file, where a folder would have to be');
  const failing = new Run(['--no-terraform', '--contract', path.join(contract, 'fleet.json')]);
  run = failing;
  expect((await failing.ended).code).toBe(1);
  expect(failing.output).toMatch(/ENOTDIR|EEXIST/);
  expect(failing.output).toContain('Ended; nothing is left behind.');
  const port = Number(/primary is up on port (\d+)/.exec(failing.output)?.[1]);
  expect(port).toBeGreaterThan(0);
  expect(await listens(port)).toBe(false);
});

test('bad arguments end it at once, with a word on each', async () => {
  const bad = start('--for', 'soon', '--replicas', '99');
  expect((await bad.ended).code).toBe(2);
  expect(bad.output).toMatch(
    /--for must be a time .* got: soon\n--replicas must be .* got: 99\nSee: npm start -- --help/,
  );
});

test('--help explains it', async () => {
  const help = start('--help');
  expect((await help.ended).code).toBe(0);
  expect(help.output).toContain('Usage: npm start -- [options]');
});
