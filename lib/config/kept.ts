import type { Clock } from '../clock';

export interface KeptOptions {
  /** Milliseconds for which a value is given out before another is made. */
  readonly freshMs: number;
  /** Milliseconds for which a value may do when no other can be made. */
  readonly usableMs: number;
  readonly clock: Clock;
  /** In [0, 1): moves the end of `freshMs` to the front by up to a fifth, so that not all members' values end in one moment. */
  readonly random: () => number;
}

/** Between two askings that brought nothing new: neither a wrong secret nor a keeper that is away is to be asked with each connection. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * A text that is dear to make: made once for all who ask in one moment, kept, and made anew in time or when it was refused.
 *
 * Nobody waits for another while the one at hand still does: who opens a connection has little time.
 */
export class Kept {
  private value: string | undefined;
  private making: Promise<string> | undefined;
  private staleAt = 0;
  private uselessAt = 0;
  private doubted = false;
  private pauseMs = 0;
  private pauseUntil = 0;

  constructor(
    private readonly make: () => Promise<string>,
    private readonly options: KeptOptions,
  ) {}

  /** @throws what kept it from being made, when there is none that would still do */
  async get(): Promise<string> {
    const now = this.options.clock.now();
    const { value } = this;
    if (value === undefined || now >= this.uselessAt) return this.made();
    const maySo = now >= this.pauseUntil;
    if (this.doubted && maySo) {
      // Better a doubtful one than none: another member may know it still, or not know another yet.
      return this.made().catch(() => value);
    }
    // The next who asks, after the pause, hears of what goes wrong when there is none left.
    if (now >= this.staleAt && maySo) this.made().catch(() => undefined);
    return value;
  }

  /** A server refused `value`: unless it has been replaced since, the next who asks gets a new one. */
  refused(value: string): void {
    if (value === this.value) this.doubted = true;
  }

  private made(): Promise<string> {
    this.making ??= this.makeAnew().finally(() => {
      this.making = undefined;
    });
    return this.making;
  }

  private async makeAnew(): Promise<string> {
    const { clock, freshMs, usableMs, random } = this.options;
    const before = this.value;
    try {
      const value = await this.make();
      this.value = value;
      this.doubted = false;
      this.staleAt = clock.now() + freshMs * (1 - 0.2 * random());
      this.uselessAt = clock.now() + usableMs;
      return value;
    } finally {
      const isNews = this.value !== before;
      this.pauseMs = isNews ? 0 : Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2 || FIRST_PAUSE_MS);
      this.pauseUntil = clock.now() + this.pauseMs;
    }
  }
}
