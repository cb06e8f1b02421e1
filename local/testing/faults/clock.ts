import { type Clock, systemClock, type Timer } from '../../../lib/clock';

/**
 * The system's monotonic clock, which tests can set forward: a replica that stands still becomes two seconds old without two seconds going by.
 *
 * Timers take as long as they say, whatever the clock shows.
 */
export class TestClock implements Clock {
  private ahead = 0;

  now(): number {
    return systemClock.now() + this.ahead;
  }

  after(delayMs: number, action: () => void): Timer {
    return systemClock.after(delayMs, action);
  }

  /** @param ms milliseconds */
  advance(ms: number): void {
    this.ahead += ms;
  }
}
