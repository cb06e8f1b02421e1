/** `undisturbed`: nobody breaks the servers meanwhile. `alone`: nobody else counts on them meanwhile. */
export type Hold = 'undisturbed' | 'alone';

/** Servers that somebody holds. */
export interface Turn {
  /** What `work` breaks, it breaks in this turn. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Undoes what was broken. */
  heal(): Promise<void>;
  leave(): Promise<void>;
}

interface Waiting {
  readonly hold: Hold;
  readonly enter: () => void;
}

/** Who may count on servers, and who may break them: a lock for many readers or one writer, in the order in which they came. */
export class Gate {
  private undisturbed = 0;
  private alone = false;
  private waiting: Waiting[] = [];

  /**
   * Resolves when its turn has come, with what ends it, once.
   *
   * @param signal gives up the wait: it is then passed over, and this never settles
   */
  enter(hold: Hold, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve) => {
      const waiting = { hold, enter: () => resolve(this.leaver(hold)) };
      this.waiting.push(waiting);
      signal?.addEventListener(
        'abort',
        () => {
          this.waiting = this.waiting.filter((other) => other !== waiting);
          this.admit();
        },
        { once: true },
      );
      this.admit();
    });
  }

  private leaver(hold: Hold): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      if (hold === 'alone') this.alone = false;
      else this.undisturbed -= 1;
      this.admit();
    };
  }

  private admit(): void {
    for (;;) {
      const [next] = this.waiting;
      if (!next || this.alone || (next.hold === 'alone' && this.undisturbed > 0)) return;
      this.waiting.shift();
      if (next.hold === 'alone') this.alone = true;
      else this.undisturbed += 1;
      next.enter();
    }
  }
}
