/** Parts of the window: what happened is forgotten a tenth of it at a time. */
const SLOTS = 10;

/**
 * How much happened within the last `windowMs`, to a tenth of it: a ring of counters, so that counting allocates nothing and costs the
 * same however much is counted.
 *
 * It never counts what is older than the window; of the oldest tenth within it, it may have forgotten some.
 */
export class SlidingCount {
  private readonly slots = new Float64Array(SLOTS);
  private readonly slotMs: number;
  /** Number of the slot that is filled now, counted from the clock's zero. */
  private slot = Number.NEGATIVE_INFINITY;
  /** Its place in the ring. */
  private index = 0;
  private endsAt = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.slotMs = windowMs / SLOTS;
  }

  /** @param now monotonic milliseconds; an earlier time than was seen counts as the latest seen */
  add(now: number, amount = 1): void {
    if (now >= this.endsAt) this.moveTo(now);
    this.slots[this.index] = (this.slots[this.index] as number) + amount;
  }

  sum(now: number): number {
    if (now >= this.endsAt) this.moveTo(now);
    let sum = 0;
    for (const amount of this.slots) sum += amount;
    return sum;
  }

  clear(): void {
    this.slots.fill(0);
  }

  private moveTo(now: number): void {
    const slot = Math.floor(now / this.slotMs);
    if (slot - this.slot >= SLOTS) this.slots.fill(0);
    else {
      for (let passed = this.slot; passed < slot; passed += 1) {
        this.index = (this.index + 1) % SLOTS;
        this.slots[this.index] = 0;
      }
    }
    this.slot = slot;
    this.endsAt = (slot + 1) * this.slotMs;
  }
}
