import type { Clock, Timer } from '../clock';

interface Waiter {
  readonly fits: () => boolean;
  readonly end: (fits: boolean) => void;
}

/** Least time between the starts of two rounds, in milliseconds: however many wait, the servers are asked 500 times a second at most. */
const PAUSE_MS = 2;

/** After so long the next round begins beside one that has not ended: a frozen member must not hold up what is asked of the others. */
const PATIENCE_MS = 20;

/** Waits until some replica is fresh enough, and has the members asked meanwhile: one round for all who wait. */
export class FreshReplicas {
  private readonly waiters = new Set<Waiter>();
  private startedAt = Number.NEGATIVE_INFINITY;
  private underWay = 0;
  private timer: Timer | undefined;

  /** @param round asks all members once; resolves, or rejects, when each has answered or failed */
  constructor(
    private readonly round: () => Promise<void>,
    private readonly clock: Clock,
  ) {}

  /**
   * @param fits   asked now, after each round, at each {@link look} and when the time is over
   * @param waitMs milliseconds; 0 does not wait
   * @returns whether it fits
   */
  until(fits: () => boolean, waitMs: number): Promise<boolean> {
    if (fits()) return Promise.resolve(true);
    if (waitMs <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const bound = this.clock.after(waitMs, () => waiter.end(fits()));
      const waiter: Waiter = {
        fits,
        end: (fit) => {
          bound.cancel();
          this.waiters.delete(waiter);
          if (this.waiters.size === 0) this.cancelTimer();
          resolve(fit);
        },
      };
      this.waiters.add(waiter);
      if (!this.timer) this.plan();
    });
  }

  /** Some member was seen anew: whoever it fits need not wait for the round to end. Costs nothing while nobody waits. */
  look(): void {
    for (const waiter of this.waiters) {
      if (waiter.fits()) waiter.end(true);
    }
  }

  /** Has the next round begin as soon as one may. */
  private plan(): void {
    this.cancelTimer();
    if (this.waiters.size === 0) return;
    const pause = this.underWay > 0 ? PATIENCE_MS : PAUSE_MS;
    const dueMs = this.startedAt + pause - this.clock.now();
    if (dueMs <= 0) this.start();
    else this.timer = this.clock.after(dueMs, () => this.start());
  }

  private start(): void {
    this.startedAt = this.clock.now();
    this.underWay += 1;
    const ended = () => {
      this.underWay -= 1;
      this.look();
      this.plan();
    };
    this.round().then(ended, ended);
    this.plan();
  }

  private cancelTimer(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }
}
