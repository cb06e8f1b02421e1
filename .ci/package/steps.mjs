import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { project } from './manifest.mjs';

/** A program that hangs is ended; longer than any of ours takes. */
const LONGEST_MS = 120_000;

let failed = 0;

/** Checks that failed so far. */
export function failures() {
  return failed;
}

/** Does one check and tells of it. Gives what it gives, or `undefined` when it fails; a text is told beside its name. */
export async function check(name, work) {
  const begin = performance.now();
  try {
    const result = await work();
    const took = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
    console.log(`ok      ${name} (${typeof result === 'string' ? `${result}; ` : ''}${took})`);
    return result ?? true;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n  ${error.message.trim().replaceAll('\n', '\n  ')}`);
    return undefined;
  }
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote
 * @throws Error with all that it wrote, when it fails or does not end
 */
export function run(command, args, cwd = project) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    // `npm run --silent` hands its silence on, and with it would hide why an install failed.
    env: { ...process.env, npm_config_loglevel: 'error' },
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error?.code === 'ETIMEDOUT') throw new Error(`${command} ${args.join(' ')}\ndid not end.\n${stdout}${stderr}`);
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/** A program of this project. */
export function bin(name) {
  return join(project, 'node_modules', '.bin', name);
}
