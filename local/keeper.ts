import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';
import { KEEPER_SCRIPT } from './keeper-script';
import { until } from './until';

/** What becomes of a fleet's directory at its end: removed, emptied (it was there before us) or kept. */
export type End = 'remove' | 'empty' | 'keep';

/** How long an orderly end may take before the caller is told, in milliseconds; the keeper itself uses force well before. */
const END_DEADLINE_MS = 30_000;

/**
 * The process that ends a fleet: on {@link Keeper.end}, and also when this process dies, however it dies.
 *
 * It is a `sh` (about 1 MB, started in 2 ms; a second node would take 45 MB and 40 ms for each fleet) in a session of
 * its own, so that Ctrl-C in a terminal reaches neither it nor the servers. It holds the reading end of a pipe: the
 * kernel closes the writing end when this process is gone, SIGKILL included. No signal handler is installed here, and
 * the same script does the work of stop(), so that the way out after a crash is the one that is used every day.
 */
export class Keeper {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #ports: string;
  #end: End;

  constructor(directory: string, end: End, ports: string) {
    this.#directory = directory;
    this.#ports = ports;
    this.#end = end;
    this.#child = spawnKeeper(directory, end, ports, 'pipe');
    if (this.#child.pid === undefined) {
      throw new ReadfleetError(
        'READFLEET_LOCAL_KEEPER',
        '/bin/sh cannot be started: a local fleet needs it to end safely.',
      );
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** From now on the data stay when the fleet ends. */
  keep(): void {
    this.#end = 'keep';
    this.#child.stdin?.write('keep\n');
  }

  /**
   * Ends the fleet, and returns when no process of it is left.
   *
   * @returns whether that came about in time
   */
  async end(): Promise<boolean> {
    const ended = () => this.#child.exitCode !== null || this.#child.signalCode !== null;
    this.#child.stdin?.end();
    if (!(await until(ended, END_DEADLINE_MS))) return false;
    // A keeper that someone killed has not done its work.
    if (this.#child.exitCode === 0) return true;
    return sweep(this.#directory, this.#end, this.#ports);
  }
}

/**
 * Ends what is left of a fleet that has lost both its parent and its keeper.
 *
 * @param end `servers` ends processes and leaves all files, the lock included
 */
export async function sweep(directory: string, end: End | 'servers', ports: string): Promise<boolean> {
  const child = spawnKeeper(directory, end, ports, 'ignore');
  return (await until(() => child.exitCode !== null || child.signalCode !== null, END_DEADLINE_MS)) === true;
}

/** Whether the process is the keeper of that directory, and not another one that got its number. */
export async function isKeeperOf(pid: number, directory: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const command = await commandOf(pid);
  return command.includes('readfleet-keeper') && command.includes(directory);
}

async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

function spawnKeeper(directory: string, end: End | 'servers', ports: string, stdin: 'pipe' | 'ignore'): ChildProcess {
  const child = spawn('/bin/sh', ['-c', KEEPER_SCRIPT, 'readfleet-keeper', directory, end, ports], {
    stdio: [stdin, 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
  });
  child.on('error', () => {
    // Told by exitCode, which stays null, and by a missing pid: the caller looks at both.
  });
  child.stdin?.on('error', () => {
    // The keeper was killed: end() sweeps in its place.
  });
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}
