import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { TerraformError } from './terraform-error';

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command is stopped and fails. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that a stopped command has to end by itself, before it and its plugins are killed.
   * @default 2000 - enough where the state is thrown away; give an `apply` longer, so that it can save its state
   */
  readonly graceMs?: number;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const GRACE_MS = 2_000;
const GONE_MS = 5_000;

/** Commands that run now, so that none outlives this process when it ends without asking. */
const running = new Set<ChildProcess>();
let watchingExit = false;

/**
 * Runs one command to its end, in a process group of its own: providers are processes that Terraform starts, and one
 * whose Terraform was killed would stay.
 *
 * @throws TerraformError `READFLEET_TERRAFORM_ABORTED` or `READFLEET_TERRAFORM_TIMEOUT`, once nothing of it runs any more;
 * `READFLEET_TERRAFORM_FAILED` when it cannot be started. An exit code other than 0 is no error here.
 */
export function runProcess(path: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const command = `terraform ${args[0] ?? ''}`.trim();
  if (options.signal?.aborted) return Promise.reject(aborted(command, options.signal));
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      cwd: options.cwd,
      env: options.env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    watchExit();
    running.add(child);
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));

    let stopped: TerraformError | undefined;
    let lastWord: NodeJS.Timeout | undefined;
    const stop = (reason: TerraformError) => {
      if (stopped) return;
      stopped = reason;
      // Asked first: Terraform then ends its plugins itself.
      child.kill('SIGINT');
      lastWord = setTimeout(() => killGroup(child), options.graceMs ?? GRACE_MS);
    };
    const onAbort = () => stop(aborted(command, options.signal));
    const timer = setTimeout(() => stop(timedOut(command, options.timeoutMs)), options.timeoutMs);
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const done = () => {
      clearTimeout(timer);
      clearTimeout(lastWord);
      options.signal?.removeEventListener('abort', onAbort);
      running.delete(child);
    };
    child.once('error', (cause) => {
      done();
      reject(
        new TerraformError('READFLEET_TERRAFORM_FAILED', `${command} could not be started: ${cause.message}`, {
          cause,
        }),
      );
    });
    // What survives its leader is killed here: it may hold our pipes, and 'close' would never come.
    child.once('exit', (code) => {
      if (stopped || code === null) killGroup(child);
    });
    child.once('close', (code, signal) => {
      done();
      const [stdout, stderr] = [Buffer.concat(output.stdout).toString(), Buffer.concat(output.stderr).toString()];
      // Plugins talk to Terraform and not to us, so our pipes say nothing of them.
      if (stopped) groupGone(child).then(() => reject(stopped), reject);
      else if (code === null)
        reject(new TerraformError('READFLEET_TERRAFORM_FAILED', `${command} was killed by ${signal}.`));
      else resolve({ code, stdout, stderr });
    });
  });
}

function aborted(command: string, signal: AbortSignal | undefined): TerraformError {
  return new TerraformError('READFLEET_TERRAFORM_ABORTED', `${command} was stopped on request.`, {
    cause: signal?.reason,
  });
}

function timedOut(command: string, timeoutMs: number): TerraformError {
  return new TerraformError('READFLEET_TERRAFORM_TIMEOUT', `${command} did not end within ${timeoutMs / 1_000} s.`);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until killed processes are gone: one of 700 MB takes a moment. Bounded, as an orphan that nobody reaps stays listed. */
async function groupGone(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || process.platform === 'win32') return;
  for (let waited = 0; waited < GONE_MS && groupLives(child.pid); waited += 20) await sleep(20);
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

function watchExit(): void {
  if (watchingExit) return;
  watchingExit = true;
  process.on('exit', () => {
    for (const child of running) killGroup(child);
  });
}
