/** All that a command needs of the process around it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Lines for who asked. */
  out(text: string): void;
  /** Lines for people beside it. */
  err(text: string): void;
  /** Exactly this, on a terminal: what is drawn over. */
  draw(text: string): void;
  /** What takes a while now; gone when anything else is told. Terminals only. */
  working(what: string): void;
  /** Whether the output is a terminal. */
  readonly terminal: boolean;
  readonly colour: boolean;
  /** Characters to a line, as of now; undefined where lines may be of any length. */
  readonly columns: number | undefined;
  stdin(): Promise<string>;
  /** Aborted by Ctrl-C, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
}

/** Who ends a command before its time. */
export class Interrupted extends Error {}

/** Rejects with {@link Interrupted} once `signal` aborts, whatever `work` does then. */
export function unlessEnded<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const end = () => reject(new Interrupted());
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

const CLEAR_LINE = '\r\u001b[2K';

/** The process itself. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process;
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // A second one does not wait.
      if (ending.signal.aborted) process.exit(130);
      ending.abort();
    });
  }
  // A reader that has seen enough, as `head` has, is no error: what follows is for nobody.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') ending.abort(error);
    });
  }
  let isWorking = false;
  const clear = () => {
    if (isWorking) stderr.write(CLEAR_LINE);
    isWorking = false;
  };
  const terminal = stdout.isTTY === true;
  return {
    env,
    out(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    err(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    draw(text) {
      clear();
      stdout.write(text);
    },
    working(what) {
      if (stderr.isTTY !== true) return;
      stderr.write(`${CLEAR_LINE}${what} ...`);
      isWorking = true;
    },
    terminal,
    get columns() {
      return terminal ? stdout.columns : undefined;
    },
    // https://no-color.org: whatever its value, as long as it has one.
    colour: terminal && !env.NO_COLOR && env.TERM !== 'dumb',
    signal: ending.signal,
    async stdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
