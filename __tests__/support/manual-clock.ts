import type { Clock, Timer } from '../../lib/clock';

interface Pending {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly pending = new Set<Pending>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Timer {
    const timer = { at: this.time + delayMs, action };
    this.pending.add(timer);
    return { cancel: () => this.pending.delete(timer) };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.pending.size;
  }

  /** Moves on by `ms`, calling what falls due in its order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const next = [...this.pending].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.pending.delete(next);
      this.time = next.at;
      next.action();
      await settle();
    }
    this.time = until;
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
