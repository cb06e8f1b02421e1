export interface HedgeBudgetOptions {
  /** Share of reads, 0 to 1, that may be asked a second time. @default 0.05 */
  readonly maxShare: number;
  /** Hedges saved up at most. @default 10 */
  readonly burst?: number;
}

export const HEDGE_DEFAULTS: Required<HedgeBudgetOptions> = { maxShare: 0.05, burst: 10 };

/**
 * Keeps hedges to a share of reads: when every read is slow, a second attempt at each is more load for members that have too much of it. A token
 * bucket that begins empty, so that hedges ≤ maxShare × reads at any moment (J. Dean, L. A. Barroso, The Tail at Scale, CACM 2013, "Hedged
 * requests").
 */
export class HedgeBudget {
  private tokens = 0;
  private readonly maxShare: number;
  private readonly burst: number;

  constructor(options: HedgeBudgetOptions) {
    this.maxShare = options.maxShare;
    this.burst = options.burst ?? HEDGE_DEFAULTS.burst;
  }

  /** A read began, hedged or not. */
  read(): void {
    this.tokens = Math.min(this.burst, this.tokens + this.maxShare);
  }

  /** Takes one hedge from the budget, if there is one. */
  take(): boolean {
    // A sum of many twentieths is a whole number but for rounding.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Each bucket reaches a tenth further than the one before: a delay need not be known better. */
const GROWTH = 1.1;
const PER_LOG = 1 / Math.log(GROWTH);
/** Upper bound of the first bucket, in milliseconds. */
const SHORTEST_MS = 0.05;
/** The last bucket begins at about nine minutes. */
const BUCKETS = 172;
/** Observations after which the older half is forgotten. */
const GENERATION = 1_000;
/** Observations below which a p95 would be the mood of a handful. */
const ENOUGH = 100;

/**
 * The p95 of the latest 1000 to 2000 latencies, to within a tenth. A histogram of logarithmic buckets, as in DDSketch (Masson, Rim, Lee,
 * VLDB 2019), kept twice: one is filled, and when it has its fill it takes the place of the other.
 *
 * By number and not by time: after a quiet night the latencies of yesterday are a better guess than none.
 */
export class LatencyQuantile {
  private filling = new Uint32Array(BUCKETS);
  private filled = new Uint32Array(BUCKETS);
  private inFilling = 0;
  private inFilled = 0;
  /** Until the next observation; NaN when it is to be looked up. */
  private known = Number.NaN;

  /** @param quantile above 0, up to 1 */
  constructor(private readonly quantile = 0.95) {}

  /** @param ms how long a read took that nobody hurried */
  observe(ms: number): void {
    if (this.inFilling === GENERATION) this.turn();
    const bucket = bucketOf(ms);
    this.filling[bucket] = (this.filling[bucket] as number) + 1;
    this.inFilling += 1;
    this.known = Number.NaN;
  }

  /**
   * Milliseconds after which a read is slower than all but one in twenty: the upper bound of the bucket which the quantile (by nearest rank) lies in.
   *
   * @returns undefined until 100 have been observed
   */
  delayMs(): number | undefined {
    const all = this.inFilling + this.inFilled;
    if (all < ENOUGH) return undefined;
    if (Number.isNaN(this.known)) this.known = SHORTEST_MS * GROWTH ** this.find(all - Math.ceil(this.quantile * all));
    return this.known;
  }

  /** The bucket above which lie `above` observations at most. From above, where the quantile is. */
  private find(above: number): number {
    let bucket = BUCKETS;
    let seen = 0;
    while (seen <= above && bucket > 0) {
      bucket -= 1;
      seen += (this.filling[bucket] as number) + (this.filled[bucket] as number);
    }
    return bucket;
  }

  private turn(): void {
    const emptied = this.filled.fill(0);
    this.filled = this.filling;
    this.filling = emptied;
    this.inFilled = this.inFilling;
    this.inFilling = 0;
  }
}

function bucketOf(ms: number): number {
  if (ms <= SHORTEST_MS) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SHORTEST_MS) * PER_LOG));
}
