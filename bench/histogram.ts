const SUB_BUCKET_BITS = 8;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const BUCKETS = SUB_BUCKETS * (31 - SUB_BUCKET_BITS + 2);
/** Resolution: a tenth of a microsecond. */
const UNITS_PER_MS = 10_000;
const LONGEST_UNITS = 0x7fff_ffff;

/**
 * Latencies in milliseconds, as counts in buckets that are no more than 0.4 % wide, up to some three and a half minutes.
 *
 * A record is one addition to a fixed array: a list of samples would grow, and its growth would be measured with the rest.
 *
 * Source: log-linear buckets, as in Gil Tene's HdrHistogram.
 */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;
  #longestMs = 0;

  get count(): number {
    return this.#total;
  }

  /** Exact, in milliseconds; 0 without a record. */
  get longestMs(): number {
    return this.#longestMs;
  }

  record(ms: number): void {
    const units = Math.min(LONGEST_UNITS, Math.max(0, Math.round(ms * UNITS_PER_MS)));
    const index = bucketOf(units);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
    if (ms > this.#longestMs) this.#longestMs = ms;
  }

  /**
   * Milliseconds that no more than `share` of the records exceed, by nearest rank, rounded up to the end of its bucket.
   *
   * @param share 0 to 1, e.g. 0.99
   * @returns NaN without a record
   */
  quantile(share: number): number {
    if (this.#total === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return endOf(index) / UNITS_PER_MS;
    }
    return this.#longestMs;
  }
}

/** Whole units up to twice the number of sub-buckets, and then that many for each power of two. */
function bucketOf(units: number): number {
  if (units < 2 * SUB_BUCKETS) return units;
  const shift = 31 - Math.clz32(units) - SUB_BUCKET_BITS;
  return shift * SUB_BUCKETS + (units >>> shift);
}

/** The largest number of units in a bucket. */
function endOf(index: number): number {
  if (index < 2 * SUB_BUCKETS) return index;
  const shift = Math.floor(index / SUB_BUCKETS) - 1;
  const start = (index - shift * SUB_BUCKETS) * 2 ** shift;
  return start + 2 ** shift - 1;
}
