import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Answer, Request } from './serve';
import type { Ground, Remote } from './subject';

const PROJECT = path.resolve(__dirname, '..', '..', '..');
const LOWEST = path.join(PROJECT, '__tests__', 'adapters', 'lowest');

/** Whose ORM a subject finds: that of the project, or the lowest version that the adapter takes. */
export type Versions = 'highest' | 'lowest';

/** How a call to a subject went wrong: it was answered with an error, not at all, or its process had ended. */
export class CallError extends Error {
  constructor(
    readonly kind: 'failed' | 'hung' | 'ended',
    message: string,
    readonly code?: unknown,
  ) {
    super(message);
  }
}

/** The folder whose packages the subjects of these versions find. */
export function folderOf(versions: Versions): string {
  return versions === 'lowest' ? LOWEST : PROJECT;
}

/** The installed version of a package. */
export function versionOf(name: string, versions: Versions): string {
  return (require(path.join(folderOf(versions), 'node_modules', name, 'package.json')) as { version: string }).version;
}

/**
 * Packs a subject with the sources that it imports, but no package, into a file that stands where it finds the packages of those versions.
 *
 * @param subject name of a file in `subjects/`
 * @returns path of the file
 */
export function pack(subject: string, versions: Versions): string {
  const folder = path.join(folderOf(versions), '.readfleet', 'subjects');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${subject}.${process.pid}.cjs`);
  const { status, stderr } = spawnSync(
    path.join(PROJECT, 'node_modules', '.bin', 'esbuild'),
    [
      ...[
        '--bundle',
        '--platform=node',
        '--format=cjs',
        '--target=node20',
        '--packages=external',
        '--log-level=warning',
      ],
      `--tsconfig=${path.join(PROJECT, 'tsconfig.json')}`,
      `--outfile=${outfile}`,
    ],
    {
      cwd: __dirname,
      encoding: 'utf8',
      input: `import { serve } from './serve'; import { candidate } from './subjects/${subject}'; serve(candidate);`,
    },
  );
  if (status !== 0) throw new Error(`esbuild on ${subject}:\n${stderr}`);
  return outfile;
}

/** A subject in a process of its own: an ORM may hang, or take its process with it, and the scenario goes on. */
export class Worker {
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private calls = 0;
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-4_000);
      });
    }
    child.on('message', (answer: Answer) => {
      const call = this.pending.get(answer.id);
      this.pending.delete(answer.id);
      if ('error' in answer) call?.reject(new CallError('failed', answer.error.message, answer.error.code));
      else call?.resolve(answer.value);
    });
    child.on('exit', () => {
      for (const call of this.pending.values()) call.reject(this.ended());
      this.pending.clear();
    });
  }

  /**
   * Starts the process, and connects the subject.
   *
   * @throws CallError when it cannot connect
   */
  static async start(file: string, ground: Ground, patienceMs = 15_000): Promise<Worker> {
    const worker = new Worker(fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));
    try {
      await worker.call('open', [ground], patienceMs);
      return worker;
    } catch (error) {
      await worker.kill();
      throw error;
    }
  }

  /** @throws CallError */
  call<T>(ask: string, args: readonly unknown[] = [], patienceMs = 15_000): Promise<T> {
    if (!this.child.connected) return Promise.reject(this.ended());
    this.calls += 1;
    const id = this.calls;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new CallError('hung', `${ask}() did not answer within ${patienceMs} ms\n${this.output}`));
      }, patienceMs);
      this.pending.set(id, {
        resolve(value) {
          clearTimeout(timer);
          resolve(value as T);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.child.send({ id, ask, args } satisfies Request);
    });
  }

  get alive(): boolean {
    return this.child.connected;
  }

  /** The subject, as if it were here. */
  get remote(): Remote {
    return new Proxy({} as Remote, {
      get:
        (_, ask: string) =>
        (...args: unknown[]) =>
          this.call(ask, args),
    });
  }

  /** Ends it in order. @throws CallError where it does not end its connections, or leaves the process something to wait for */
  async close(): Promise<void> {
    try {
      await this.call('close');
    } finally {
      await this.kill();
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  private ended(): CallError {
    return new CallError('ended', `the process of the subject has ended\n${this.output}`);
  }
}
