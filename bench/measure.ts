import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What one run of a program took. */
export interface Sample {
  readonly seconds: number;
  /** Most memory of any one process, as it says itself when it ends. */
  readonly peakMiB: number;
  /** Most memory of the program and all that it started, looked at every few milliseconds; only where there is /proc. */
  readonly treePeakMiB: number;
}

const LOOK_EVERY_MS = 4;

/**
 * Runs a program to its end.
 *
 * @param peakFile where the program writes its own peak, in MiB: see {@link peakHook}
 * @throws Error with what it said, when it ends with another code than 0
 */
export function measure(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly peakFile: string },
): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    let tree = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const looking = setInterval(() => {
      tree = Math.max(tree, treeMiB(child.pid ?? 0));
    }, LOOK_EVERY_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(looking);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}:\n${said}`));
      else {
        const peakMiB = Number(readFileSync(options.peakFile, 'utf8'));
        resolve({ seconds, peakMiB, treePeakMiB: Math.max(tree, peakMiB) });
      }
    });
  });
}

/** For `--require`: the program says its own peak when it ends, so that no tool of the system is needed for it. */
export function peakHook(peakFile: string): string {
  return `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS / 1024)));`;
}

/** The middle one; of an even number, half way between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return lower + (upper - lower) / 2;
}

/** Resident memory of a process and of all below it. Pages that they share count in each. */
function treeMiB(pid: number): number {
  try {
    const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.reduce((sum, child) => sum + treeMiB(child), resident);
  } catch {
    // It ended while we looked, or there is no /proc.
    return 0;
  }
}
