import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProcess } from '../../terraform/process';
import { place, temporaryFolder } from './folder';

const folder = temporaryFolder();
const options = { cwd: folder, env: { PATH: process.env.PATH }, timeoutMs: 20_000 };

function script(name: string, body: string): string {
  return place(join(folder, name), `#!/bin/sh\n${body}\n`, 0o755);
}

test('output and exit code are told, and an exit code is no error', async () => {
  const path = script('three', 'echo out; echo err >&2; exit 3');

  await expect(runProcess(path, ['plan'], options)).resolves.toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('a command that takes too long is stopped', async () => {
  const path = script('slow', 'exec sleep 60');

  await expect(runProcess(path, ['plan'], { ...options, timeoutMs: 100 })).rejects.toMatchObject({
    code: 'READFLEET_TERRAFORM_TIMEOUT',
    message: 'terraform plan did not end within 0.1 s.',
  });
});

test('one that does not listen is killed after its grace, with what it had started', async () => {
  const proof = join(folder, 'survived');
  const path = script('deaf', `trap '' INT\n(sleep 2; touch ${proof}) &\nwhile true; do sleep 1; done`);
  const abort = new AbortController();
  const running = runProcess(path, ['apply'], { ...options, signal: abort.signal, graceMs: 100 });
  await sleep(200);
  abort.abort();

  await expect(running).rejects.toMatchObject({ code: 'READFLEET_TERRAFORM_ABORTED' });
  await sleep(2_500);
  expect(existsSync(proof)).toBe(false);
});

test('one that listens has its grace', async () => {
  const saved = join(folder, 'saved');
  const path = script('polite', `trap 'touch ${saved}; exit 1' INT\nsleep 60 & wait`);
  const abort = new AbortController();
  const running = runProcess(path, ['apply'], { ...options, signal: abort.signal, graceMs: 10_000 });
  await sleep(200);
  abort.abort();

  await expect(running).rejects.toMatchObject({ code: 'READFLEET_TERRAFORM_ABORTED' });
  expect(existsSync(saved)).toBe(true);
});

test('a signal that was raised before starts nothing', async () => {
  const proof = join(folder, 'started');
  const path = script('never', `touch ${proof}`);

  await expect(runProcess(path, ['plan'], { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'READFLEET_TERRAFORM_ABORTED',
  });
  expect(existsSync(proof)).toBe(false);
});

test('a program that is not there is an error with its name', async () => {
  await expect(runProcess(join(folder, 'none'), ['init'], options)).rejects.toMatchObject({
    code: 'READFLEET_TERRAFORM_FAILED',
    message: expect.stringContaining('terraform init could not be started'),
  });
});
