import type { Lsn } from './lsn';

interface Entry {
  readonly lsn: Lsn;
  /** When the primary was first seen at exactly this position. */
  readonly firstAt: number;
  /** When the primary was last seen at exactly this position. */
  lastAt: number;
}

/**
 * Where the primary's log stood, and when: turns a replica's replay position into an age.
 *
 * A sample says: whatever was committed before the question was *sent* lies at or before the position that came back. A replica that
 * has replayed the position therefore shows everything committed up to that moment. This needs no clock of a server, and an idle
 * primary does not age: each new sample at the same position proves its replicas fresh again.
 *
 * Limit: a commit with `synchronous_commit = off` is visible on the primary up to three `wal_writer_delay` before its log is written,
 * so such commits may be missed by that much.
 */
export class LsnHistory {
  private entries: Entry[] = [];

  /** @param capacity how many different positions are remembered; at one sample every 500 ms, 1200 are ten minutes of writes */
  constructor(private readonly capacity = 1_200) {}

  /**
   * @param lsn the primary's write position
   * @param at  monotonic milliseconds at which the question was sent
   */
  add(lsn: Lsn, at: number): void {
    const newest = this.entries.at(-1);
    if (newest && lsn < newest.lsn) this.entries = [];
    if (newest && lsn === newest.lsn) newest.lastAt = Math.max(newest.lastAt, at);
    else this.entries.push({ lsn, firstAt: at, lastAt: at });
    if (this.entries.length > this.capacity) this.entries.shift();
  }

  /** The primary's newest known position. */
  get newest(): Lsn | undefined {
    return this.entries.at(-1)?.lsn;
  }

  /**
   * The latest moment of which it is known that everything committed before it lies within `lsn`.
   *
   * @returns monotonic milliseconds, or undefined when `lsn` is older than what is remembered
   */
  provenAt(lsn: Lsn): number | undefined {
    return this.entries[this.countUpTo(lsn) - 1]?.lastAt;
  }

  /**
   * The first moment at which the primary was seen beyond `lsn`: what it wrote next was written between {@link provenAt} and this.
   *
   * @returns monotonic milliseconds, or undefined when it was not seen beyond
   */
  passedAt(lsn: Lsn): number | undefined {
    return this.entries[this.countUpTo(lsn)]?.firstAt;
  }

  /** How many of the positions lie at or before `lsn`. */
  private countUpTo(lsn: Lsn): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle] as Entry).lsn <= lsn) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets all: the log of another timeline has other positions. */
  clear(): void {
    this.entries = [];
  }
}
