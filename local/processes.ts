import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process as the kernel tells of it. */
export interface ProcessInfo {
  readonly parent: number;
  /** One letter, as `ps` prints: `T` is stopped, `Z` a zombie. */
  readonly state: string;
}

/** Every process that this user can see, by pid. */
export async function processTable(): Promise<Map<number, ProcessInfo>> {
  return process.platform === 'linux' ? tableOfProc() : tableOfPs();
}

/**
 * The server processes of a postmaster. PostgreSQL gives each of them a session of its own, so that a signal to the
 * postmaster's group reaches none of them: they are found by their parent.
 */
export function childrenOf(postmaster: number, table: ReadonlyMap<number, ProcessInfo>): number[] {
  return [...table].filter(([, info]) => info.parent === postmaster).map(([pid]) => pid);
}

/** Sends a signal to processes of which some may be gone. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function tableOfProc(): Promise<Map<number, ProcessInfo>> {
  const table = new Map<number, ProcessInfo>();
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // "pid (name) state parent …": the name may hold spaces and parentheses.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state && parent) table.set(pid, { parent: Number(parent), state });
    }),
  );
  return table;
}

async function tableOfPs(): Promise<Map<number, ProcessInfo>> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'stat=']);
  const table = new Map<number, ProcessInfo>();
  for (const line of stdout.split('\n')) {
    const [pid, parent, state] = line.trim().split(/\s+/);
    if (pid && parent && state) table.set(Number(pid), { parent: Number(parent), state: state.charAt(0) });
  }
  return table;
}
