import type { Clock, Timer } from '../lib/clock';

/** Less than this is the two clocks' own drift, or a small step of the wall clock. */
const DRIFT_MS = 1_000;

/**
 * A monotonic clock that counts the time for which Lambda froze the process.
 *
 * The system's own may stand still meanwhile: what the primary wrote before would seem younger than it is, and with it a replica.
 * Whatever the wall clock went on more is added; that it was set back changes nothing.
 */
export class AwakeClock implements Clock {
  private missedMs = 0;
  private seen: { readonly monotonic: number; readonly wall: number };

  /** @param wall milliseconds since 1970 */
  constructor(
    private readonly monotonic: Clock,
    private readonly wall: () => number,
  ) {
    this.seen = this.look();
  }

  now(): number {
    return this.monotonic.now() + this.missedMs;
  }

  after(delayMs: number, action: () => void): Timer {
    return this.monotonic.after(delayMs, action);
  }

  /** To be called when the process may just have been thawed. */
  wake(): void {
    const before = this.seen;
    this.seen = this.look();
    const missed = this.seen.wall - before.wall - (this.seen.monotonic - before.monotonic);
    if (missed > DRIFT_MS) this.missedMs += missed;
  }

  private look() {
    return { monotonic: this.monotonic.now(), wall: this.wall() };
  }
}
