import { type Clock, systemClock, type Timer } from '../../../lib/clock';
import { checkMilliseconds } from '../milliseconds';

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

  /**
   * @param ms by how much, in milliseconds, up to 24 days
   * @throws ReadfleetError `READFLEET_TESTING_MILLISECONDS`
   */
  advance(ms: number): void {
    checkMilliseconds('TestClock.advance()', ms);
    this.ahead += ms;
  }
}
