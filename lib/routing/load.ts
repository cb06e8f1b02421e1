/** Mean lifetime of a latency that was seen: after this time, in milliseconds, some 37 % of it are still believed. */
const LIFETIME_MS = 2_000;

/**
 * Latencies below this, in milliseconds, count as this: what is faster differs by noise, and a member of which an old latency was forgotten must
 * not look infinitely better than its peers.
 */
const FLOOR_MS = 1;

/** What a failure counts as, and a member that has been asked but has never answered, in milliseconds. */
const PENALTY_MS = 1_000;

/** Younger than this, in milliseconds, nothing worth computing has been forgotten: less than 1 %. */
const FRESH_MS = LIFETIME_MS / 100;

/**
 * How busy a member is: statements under way, and a moving average of how long they took that jumps to a peak and comes down slowly.
 *
 * Peak EWMA as in Twitter's Finagle (`com.twitter.finagle.loadbalancer.PeakEwma`): a member that turns slow is avoided at its first slow answer,
 * one that gets better is believed only in time. What is under way counts as if it took as long as the rest, so that a server that answers
 * nothing any more looks worse with each statement that waits for it.
 *
 * What was seen is forgotten as time goes by, not as answers come: a member that is avoided answers nothing, and would be avoided for ever.
 */
export class Load {
  /** Statements and transactions under way. Who starts one adds 1, and takes it back however it ends. */
  inFlight = 0;
  private average = 0;
  private seenAt = 0;
  private answered = false;

  /**
   * A statement was answered: with rows or with an error of its own, which takes a server as long as any answer.
   *
   * @param latencyMs how long it took
   * @param now       monotonic milliseconds
   */
  observe(latencyMs: number, now: number): void {
    const kept = this.answered ? Math.exp((this.seenAt - now) / LIFETIME_MS) : 0;
    const believed = this.average * kept;
    this.average = latencyMs > believed ? latencyMs : believed + latencyMs * (1 - kept);
    this.seenAt = now;
    this.answered = true;
  }

  /**
   * A statement ended in an error of the member or of the way to it. Counts as an answer that took a second, or as slow as the member is believed
   * to be: a server that refuses connections is quick about it, and would attract every read there is.
   *
   * @param now monotonic milliseconds
   */
  failed(now: number): void {
    this.observe(Math.max(PENALTY_MS, this.latencyMs(now)), now);
  }

  /** The latency that is believed now, in milliseconds; 0 before the first answer. */
  latencyMs(now: number): number {
    const age = now - this.seenAt;
    return age < FRESH_MS ? this.average : this.average * Math.exp(-age / LIFETIME_MS);
  }

  /**
   * What one statement more may be expected to cost here, in milliseconds: the believed latency × (statements under way + 1).
   *
   * A member that has never answered is worth a try at once, but one at a time: nothing is known that would speak for a second.
   *
   * @param now monotonic milliseconds
   */
  cost(now: number): number {
    if (this.answered) return Math.max(this.latencyMs(now), FLOOR_MS) * (this.inFlight + 1);
    return this.inFlight === 0 ? FLOOR_MS : PENALTY_MS * (this.inFlight + 1);
  }
}
