/** A run that was told to end. */
export class Interrupted extends Error {}

type Cleanup = () => Promise<unknown>;

/** A second signal this soon is the same one, passed on by npm; a later one means it. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Ends a run the same way whatever ended it: a signal, the time, a failure. What was set up is taken down in reverse order, each step once,
 * and a step that fails does not keep the others from being taken.
 */
export class Lifecycle {
  private readonly cleanups: Cleanup[] = [];
  private readonly abort = new AbortController();

  /** Aborted once the run is to end. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** To be taken down at the end. Takes a promise's worth of set-up too: what is under way is waited for, then taken down. */
  defer(cleanup: Cleanup): void {
    this.cleanups.push(cleanup);
  }

  end(): void {
    this.abort.abort();
  }

  /** Rejects with {@link Interrupted} as soon as the run is to end, whatever `work` does. */
  async unlessEnded<T>(work: Promise<T>): Promise<T> {
    work.catch(() => undefined);
    const ended = this.ended().then((): never => {
      throw new Interrupted();
    });
    return Promise.race([work, ended]);
  }

  ended(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  /** @returns what went wrong on the way down */
  async takeDown(): Promise<unknown[]> {
    this.end();
    const failures: unknown[] = [];
    for (let cleanup = this.cleanups.pop(); cleanup; cleanup = this.cleanups.pop()) {
      await cleanup().catch((error) => failures.push(error));
    }
    return failures;
  }

  /** Ends the run on Ctrl-C and its kin, and when nobody reads the output any more; a second Ctrl-C does not wait. */
  listen(onSignal: (signal: string) => void): void {
    let firstAt: number | undefined;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (firstAt === undefined) {
          firstAt = performance.now();
          onSignal(name);
          this.end();
        } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
          // The local fleet's keeper takes down what is left once this process is gone.
          process.exit(130);
        }
      });
    }
    process.stdout.on('error', () => this.end());
  }
}
