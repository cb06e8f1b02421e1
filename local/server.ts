import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ReadfleetError } from '../lib/errors';
import { HOST } from './ports';
import { childrenOf, processTable, signalAll } from './processes';
import { until } from './until';
import { makeDirectory, type ServerUser } from './user';

/** What a server's process does. `crashed` is an end that nobody asked this fleet for, or that kill() made. */
export type ServerState = 'starting' | 'running' | 'frozen' | 'stopping' | 'stopped' | 'crashed';

/** How long a server may take to accept connections, in milliseconds; recovery after a crash is part of it. */
const START_DEADLINE_MS = 60_000;
/** How long an orderly shutdown may take. A primary waits for its replicas, and a frozen one never answers. */
const STOP_DEADLINE_MS = 5_000;
/** How long the kernel may take to deliver a signal on a busy machine. */
const SIGNAL_DEADLINE_MS = 10_000;
/** How long the processes of a killed postmaster may take to end. */
const ORPHANS_DEADLINE_MS = 10_000;
const LOG_LINES = 15;

/** The process of one PostgreSQL server: it starts, answers to signals and ends. Knows nothing of replication. */
export class Server {
  readonly name: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly #program: string;
  readonly #user: ServerUser;
  #child: ChildProcess | undefined;
  #state: ServerState = 'stopped';

  constructor(name: string, dataDir: string, program: string, user: ServerUser) {
    this.name = name;
    this.dataDir = dataDir;
    this.logFile = path.join(dataDir, 'server.log');
    this.#program = program;
    this.#user = user;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Of the postmaster, while there is one. Not yet reaped, so the number cannot belong to another process. */
  get pid(): number | undefined {
    return this.#alive ? this.#child?.pid : undefined;
  }

  get #alive(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /**
   * Starts the server and returns when it accepts connections.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_PORT_TAKEN` or `READFLEET_LOCAL_SERVER_FAILED`, with the end of its log
   */
  async start(port: number): Promise<void> {
    if (this.#alive) return;
    const end = performance.now() + ORPHANS_DEADLINE_MS;
    for (;;) {
      const failure = await this.#tryToStart(port);
      if (!failure) return;
      const { error, log } = failure;
      // Where only the postmaster was killed, its processes take a moment to notice.
      if (!log.includes('pre-existing shared memory block') || performance.now() > end) throw error;
      await delay(20);
    }
  }

  async #tryToStart(port: number): Promise<{ error: ReadfleetError; log: string } | undefined> {
    this.#state = 'starting';
    await makeDirectory(this.dataDir, this.#user);
    const log = openSync(this.logFile, 'a', 0o600);
    const begin = await sizeOf(this.logFile);
    let failure: Error | undefined;
    const child = spawn(this.#program, ['-D', this.dataDir], {
      ...this.#user.spawn,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C in a terminal is for the program that uses the fleet.
      detached: true,
    });
    closeSync(log);
    child.unref();
    this.#child = child;
    child.once('error', (error) => {
      failure = error;
    });
    child.once('exit', () => {
      if (this.#child === child) this.#state = this.#state === 'stopping' ? 'stopped' : 'crashed';
    });

    const ended = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
    await until(async () => ended() || (await this.#isReady(child.pid)), START_DEADLINE_MS);
    if (!ended() && (await this.#isReady(child.pid))) {
      if (this.#state === 'starting') this.#state = 'running';
      return undefined;
    }
    await this.kill();
    this.#state = 'stopped';
    const lines = await this.logTail(begin);
    return { error: this.#startFailure(port, lines, failure), log: lines };
  }

  /** Orderly where that works in time, then at once: what is committed is kept either way. */
  async stop(): Promise<void> {
    if (!this.#alive) {
      this.#state = 'stopped';
      return;
    }
    if (this.#state === 'frozen') await this.thaw();
    this.#state = 'stopping';
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      this.#child?.kill(signal);
      if (await until(() => !this.#alive, STOP_DEADLINE_MS)) break;
    }
    await this.kill();
    this.#state = 'stopped';
  }

  /** SIGKILL to the postmaster and all its processes; returns when none of them is left. */
  async kill(): Promise<void> {
    const postmaster = this.pid;
    if (postmaster === undefined) return;
    const all = await this.#halt(postmaster);
    signalAll(all, 'SIGKILL');
    // Of this postmaster: another call may have started the next one by then.
    await until(() => this.pid !== postmaster, SIGNAL_DEADLINE_MS);
    await until(async () => {
      const table = await processTable();
      return all.every((pid) => (table.get(pid)?.state ?? 'Z') === 'Z');
    }, SIGNAL_DEADLINE_MS);
  }

  /** SIGSTOP to all its processes: the kernel still accepts connections for it, and nobody answers. */
  async freeze(): Promise<void> {
    const postmaster = this.pid;
    if (postmaster === undefined || this.#state === 'frozen') return;
    await this.#halt(postmaster);
    if (this.#alive) this.#state = 'frozen';
  }

  async thaw(): Promise<void> {
    const postmaster = this.pid;
    if (postmaster === undefined) return;
    signalAll([...childrenOf(postmaster, await processTable()), postmaster], 'SIGCONT');
    if (this.#state === 'frozen') this.#state = 'running';
  }

  /** From here on its end is what was asked for. */
  expectEnd(): void {
    if (this.#alive) this.#state = 'stopping';
  }

  /** How long its log is, in bytes: what comes from now on begins there. */
  logSize(): Promise<number> {
    return sizeOf(this.logFile).catch(() => 0);
  }

  /** The last lines that the server wrote since `begin` (a byte offset). */
  async logTail(begin = 0): Promise<string> {
    const text = await readFile(this.logFile).then(
      (bytes) => bytes.subarray(begin).toString('utf8'),
      () => '',
    );
    return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  }

  /** Stops the postmaster first: after that no process is born that would be missed. */
  async #halt(postmaster: number): Promise<number[]> {
    await this.#stopAndWait([postmaster]);
    const children = childrenOf(postmaster, await processTable());
    await this.#stopAndWait(children);
    return [...children, postmaster];
  }

  async #stopAndWait(pids: readonly number[]): Promise<void> {
    signalAll(pids, 'SIGSTOP');
    await until(async () => {
      const table = await processTable();
      return pids.every((pid) => ['T', 't', 'Z'].includes(table.get(pid)?.state ?? 'Z'));
    }, SIGNAL_DEADLINE_MS);
  }

  /** As pg_ctl finds out: the postmaster writes its state to line 8 of its lock file. */
  async #isReady(pid: number | undefined): Promise<boolean> {
    const text = await readFile(path.join(this.dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  }

  #startFailure(port: number, log: string, failure: Error | undefined): ReadfleetError {
    if (/could not bind .*: Address already in use/.test(log)) {
      return new ReadfleetError(
        'READFLEET_LOCAL_PORT_TAKEN',
        `${this.name}: another program listens on ${HOST}:${port}. End it, or choose another \`port\`.`,
      );
    }
    const said = log ? `The end of its log (${this.logFile}):\n${log.replaceAll(/^/gm, '  ')}` : 'It wrote no log.';
    return new ReadfleetError(
      'READFLEET_LOCAL_SERVER_FAILED',
      `${this.name}: the server did not start${failure ? `: ${failure.message}` : ''}. ${said}`,
      { cause: failure },
    );
  }
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
