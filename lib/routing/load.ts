/** Mean lifetime of a latency that was seen: after this time, in milliseconds, some 37 % of it are still believed. */
const LIFETIME_MS = 2_000;

/** Younger than this, in milliseconds, nothing worth computing has been forgotten: less than 1 %. */
const FRESH_MS = LIFETIME_MS / 100;

/**
 * Latencies below this, in milliseconds, count as this: what is faster differs by noise, and a member of which an old latency was forgotten must
 * not look infinitely better than its peers.
 */
const FLOOR_MS = 1;

/**
 * Latencies above this, in milliseconds, count as this: they tell of a statement, not of the server, which would be avoided long after a report of a
 * minute. It is what a failure counts as, too.
 */
const CEILING_MS = 1_000;

/** Least share of an answer in the mean, so that a chance one after a silence is soon corrected: the last 16 or so count. */
const LEAST_SHARE = 1 / 16;

/**
 * How busy a member is: statements under way, and a moving average of how long they took that jumps to a peak and comes down slowly.
 *
 * Peak EWMA as in Twitter's Finagle (`com.twitter.finagle.loadbalancer.PeakEwma`): a member that turns slow is avoided at its first slow answer,
 * one that gets better is believed only in time. Two things are different here:
 *
 * - What was seen is forgotten with time alone, faster (2 s instead of 10 s) and within bounds: a member that is avoided answers nothing, and would
 *   be avoided for long.
 * - Silence counts. A server that owes an answer and has given none for so long will answer no sooner than that; a frozen one is avoided after a few
 *   milliseconds, by the first read that waits for it.
 */
export class Load {
  private waiting = 0;
  private held = 0;
  private peak = 0;
  private mean = 0;
  private seenAt = 0;
  private silentSince = 0;
  private answered = false;

  /** Statements under way, and transactions that are open. */
  get inFlight(): number {
    return this.waiting + this.held;
  }

  /**
   * A statement is sent. {@link end} is to follow, however it ends.
   *
   * @param now monotonic milliseconds
   */
  begin(now: number): void {
    if (this.waiting === 0) this.silentSince = now;
    this.waiting += 1;
  }

  /** The statement is over: answered, failed or given up. */
  end(): void {
    this.waiting -= 1;
  }

  /** A connection is kept by the app, for a transaction or a cursor: it counts as under way, but the server owes nothing. {@link release} follows. */
  hold(): void {
    this.held += 1;
  }

  release(): void {
    this.held -= 1;
  }

  /**
   * The server answered a statement: with rows, or with an error of the statement's own, which takes it as long.
   *
   * @param latencyMs how long it took
   * @param now       monotonic milliseconds
   */
  observe(latencyMs: number, now: number): void {
    const latency = Math.min(latencyMs, CEILING_MS);
    // Not known(): answers that follow each other quickly would never let a peak fade.
    const kept = this.answered ? Math.exp((this.seenAt - now) / LIFETIME_MS) : 0;
    const believed = this.peak * kept;
    this.peak = latency > believed ? latency : believed + latency * (1 - kept);
    this.mean += (latency - this.mean) * Math.max(1 - kept, LEAST_SHARE);
    this.seenAt = now;
    this.silentSince = now;
    this.answered = true;
  }

  /**
   * A statement ended in an error of the member, or of the way to it. Counts as the slowest answer there is: a server that refuses connections is
   * quick about it, and would attract every read.
   *
   * @param now monotonic milliseconds
   */
  failed(now: number): void {
    this.observe(CEILING_MS, now);
  }

  /**
   * How long a statement may take, as the latest peaks say, in milliseconds, at most 1000; 0 before the first answer.
   *
   * @param now monotonic milliseconds
   */
  latencyMs(now: number): number {
    if (!this.answered) return 0;
    const believed = this.peak * this.known(now);
    const silence = this.silenceMs(now);
    return Math.max(believed, silence);
  }

  /** How long the last statements took on average, in milliseconds, whenever that was; 0 before the first answer. */
  get meanMs(): number {
    return this.mean;
  }

  /**
   * How much of what was seen still counts: 1 just after an answer, less as time goes by, 0 before the first.
   *
   * @param now monotonic milliseconds
   */
  known(now: number): number {
    if (!this.answered) return 0;
    const age = now - this.seenAt;
    return age < FRESH_MS ? 1 : Math.exp(-age / LIFETIME_MS);
  }

  /**
   * For how long the server has owed an answer without giving any, in milliseconds, at most 1000; 0 when it owes none.
   *
   * @param now monotonic milliseconds
   */
  silenceMs(now: number): number {
    return this.waiting === 0 ? 0 : Math.min(now - this.silentSince, CEILING_MS);
  }

  /**
   * What one statement more may be expected to cost here, in milliseconds: the latency, at least 1, × (statements under way + 1).
   *
   * A member that has never answered is worth a try at once, but one at a time: nothing is known that would speak for a second.
   *
   * @param now monotonic milliseconds
   */
  cost(now: number): number {
    const { inFlight } = this;
    if (!this.answered) return inFlight === 0 ? FLOOR_MS : CEILING_MS * (inFlight + 1);
    const latency = this.latencyMs(now);
    return Math.max(latency, FLOOR_MS) * (inFlight + 1);
  }
}
