import type { Clock, Timer } from '../clock';
import type { FunctionCatalogue } from './catalogue';
import { catalogueVersion } from './catalogue-version';
import { type CatalogueQuery, readFunctionCatalogue } from './read-catalogue';

const DEFAULT_CHECK_MS = 60_000;

/** After a look that took 5 ms the next waits for 45 ms: a fleet that calls procedures all day is not asked all day. */
const PAUSE_PER_LOOK = 9;

export interface CatalogueKeeperOptions {
  readonly clock: Clock;
  /**
   * How often the server is asked, in milliseconds, whether anybody has changed its catalogue.
   * @default 60000
   */
  readonly checkMs?: number;
  /**
   * Told when the catalogue cannot be read. The one before stays in use, and the next look is tried as usual.
   * @default - nobody is told
   */
  readonly onError?: (error: Error) => void;
}

/**
 * Keeps a catalogue as new as it needs to be: looks after each change that we know of, and regularly for those of others.
 *
 * A look asks for the catalogue's version first, and reads the catalogue only when that is another one; so what the
 * classifier remembers is forgotten only for a reason.
 */
export class CatalogueKeeper {
  /** Of the catalogue in use. */
  private version: string | undefined;
  /** The look under way. */
  private looking: Promise<void> | undefined;
  /** Something may have changed since the look under way, or the last one, began. */
  private again = false;
  /** Until the next look: the regular one, or one that had to wait. */
  private timer: Timer | undefined;
  /** On the clock; before it no look begins on {@link changed}. */
  private notBefore = Number.NEGATIVE_INFINITY;
  private stopped = false;

  private readonly clock: Clock;
  private readonly checkMs: number;
  private readonly onError: ((error: Error) => void) | undefined;

  /**
   * @param run asks the primary: a standby may not have replayed the newest change
   * @param use is given each new catalogue
   */
  constructor(
    private readonly run: CatalogueQuery,
    private readonly use: (catalogue: FunctionCatalogue) => void,
    options: CatalogueKeeperOptions,
  ) {
    this.clock = options.clock;
    this.checkMs = options.checkMs ?? DEFAULT_CHECK_MS;
    this.onError = options.onError;
  }

  /**
   * Looks now, or waits for the look that has begun, and looks regularly from then on. Never rejects: without a
   * catalogue every user-defined name goes to the primary, which is slower and not wrong.
   */
  load(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.looking ??= this.look();
    return this.looking;
  }

  /**
   * A statement that may change the catalogue has succeeded; or the transaction it ran in has ended; or another server
   * has become the primary. Looks at once, or as soon as the look under way is over.
   */
  changed(): void {
    if (this.stopped || this.again) return;
    this.again = true;
    if (this.looking === undefined) this.next();
  }

  /** No further look, and no catalogue from the one under way. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    this.again = false;
    const began = this.clock.now();
    try {
      await this.renew();
    } catch (error) {
      if (!this.stopped) this.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
    const now = this.clock.now();
    this.notBefore = now + PAUSE_PER_LOOK * (now - began);
    this.looking = undefined;
    if (!this.stopped) this.next();
  }

  private async renew(): Promise<void> {
    // Before the catalogue: what changes between the two questions is then seen by the next look, rather than never.
    const version = await catalogueVersion(this.run);
    if (version === this.version || this.stopped) return;
    const catalogue = await readFunctionCatalogue(this.run);
    if (this.stopped) return;
    this.use(catalogue);
    this.version = version;
    // It was read by several questions, and may be a mixture of what was before a change and after.
    this.again = true;
  }

  private next(): void {
    this.timer?.cancel();
    const wait = this.again ? Math.max(0, this.notBefore - this.clock.now()) : this.checkMs;
    if (wait === 0) void this.load();
    else this.timer = this.clock.after(wait, () => void this.load());
  }
}
