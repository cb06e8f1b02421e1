import { SlidingCount } from './sliding-count';

/** How many attempts may be repeated: some for each success, and some for each second. */
export interface RetryBudgetOptions {
  /** Retries that each success earns. @default 0.2 */
  readonly ratio: number;
  /** Retries that each second earns, so that a quiet app may retry too. @default 10 */
  readonly floorPerSecond: number;
  /** Retries at hand from the start, and the most that time alone can save up. @default 100 */
  readonly burst: number;
}

export const RETRY_BUDGET_DEFAULTS: RetryBudgetOptions = { ratio: 0.2, floorPerSecond: 10, burst: 100 };

/** What was earned by successes is lost after this time: a busy hour does not pay for a flood in the next. */
const KEPT_MS = 10_000;
/** Into how many parts successes without a time are spread. */
const PARTS = 10;

/**
 * How many attempts may be repeated, as a share of those that succeed: when everything fails, repeating everything would double the load on what
 * is left. A token bucket, as Finagle's `RetryBudget` (20 % of requests, 10 per second, kept for 10 s) and gRPC's retry throttling.
 *
 * Over any time, retries ≤ ratio × successes + floor × seconds + burst. At any moment it holds at most burst + ratio × successes of the last
 * 10 s: at 500 reads per second that are 1100 at once, and never less than 250 when a replica with a full pool of them is lost.
 */
export class RetryBudget {
  private tokens: number;
  private readonly successes = new SlidingCount(KEPT_MS);
  /** Successes since the last look: multiplied once, a fifth of fifty is ten and not a little less. */
  private fresh = 0;
  /** Those of them that came without their time. */
  private timeless = 0;

  /** @param lookedAt monotonic milliseconds at which it begins */
  constructor(
    private readonly options: RetryBudgetOptions,
    private lookedAt = 0,
  ) {
    this.tokens = options.burst;
  }

  /**
   * A statement succeeded at its first attempt or a later one.
   *
   * @param now monotonic milliseconds. Without it, the successes between two calls of `take()` or `balance()` are held to have come evenly,
   *   which is wrong by much after a quiet time
   */
  succeeded(now?: number): void {
    this.fresh += 1;
    if (now === undefined) this.timeless += 1;
    else this.successes.add(now);
  }

  /** Takes one retry from the budget, if there is one. @param now monotonic milliseconds */
  take(now: number): boolean {
    this.look(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Retries at hand. @param now monotonic milliseconds */
  balance(now: number): number {
    this.look(now);
    return this.tokens;
  }

  private look(now: number): void {
    const { ratio, floorPerSecond, burst } = this.options;
    const elapsed = Math.max(0, now - this.lookedAt);
    if (this.timeless > 0) this.spread(now, elapsed);
    const earned = ratio * this.fresh + (floorPerSecond * elapsed) / 1_000;
    this.fresh = 0;
    this.tokens = Math.min(this.tokens + earned, burst + ratio * this.successes.sum(now));
    this.lookedAt = Math.max(this.lookedAt, now);
  }

  /** Each part is dated to its beginning: rather forgotten early than kept for too long. */
  private spread(now: number, elapsed: number): void {
    const span = Math.min(elapsed, KEPT_MS);
    const kept = elapsed > 0 ? this.timeless * (span / elapsed) : this.timeless;
    for (let part = 0; part < PARTS; part += 1) {
      this.successes.add(now - span + (span * part) / PARTS, kept / PARTS);
    }
    this.timeless = 0;
  }
}
