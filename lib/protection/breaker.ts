import { SlidingCount } from './sliding-count';

/** When a member that fails is no longer asked, and how it comes back. */
export interface BreakerOptions {
  /** Failures in a row after which it opens. @default 3 */
  readonly failures?: number;
  /** Share of failures, 0 to 1, at which it opens, among at least `minimum` statements of the last `windowMs`. @default 0.5 */
  readonly failureRate?: number;
  /** Statements below which no share is taken. @default 20 */
  readonly minimum?: number;
  /** Milliseconds. @default 10000 */
  readonly windowMs?: number;
  /** Milliseconds until the first trial; doubled each time that a trial fails, up to `longestMs`. @default 30000 */
  readonly openMs?: number;
  /** Milliseconds that it stays open at most before the next trial. @default 300000 */
  readonly longestMs?: number;
  /** Trials that must succeed before it closes. @default 5 */
  readonly successes?: number;
}

export const BREAKER_DEFAULTS: Required<BreakerOptions> = {
  failures: 3,
  failureRate: 0.5,
  minimum: 20,
  windowMs: 10_000,
  openMs: 30_000,
  longestMs: 300_000,
  successes: 5,
};

/**
 * - `closed`: statements go through
 * - `open`: none does. `until` is in monotonic milliseconds; `Infinity` when a person forced it open
 * - `half-open`: one statement at a time is let through on trial; `successes` of them have succeeded
 */
export type BreakerState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly forced: boolean; readonly until: number }
  | { readonly kind: 'half-open'; readonly successes: number };

const CLOSED: BreakerState = Object.freeze({ kind: 'closed' });
const FORCED_OPEN: BreakerState = Object.freeze({ kind: 'open', forced: true, until: Number.POSITIVE_INFINITY });
/** The ticket of a statement whose end says nothing: it was sent although the breaker did not allow it. */
const NO_SAY = -1;

/**
 * Keeps statements away from a member that fails, and lets it come back carefully (M. Nygard, Release It!, 2nd ed., "Circuit Breaker").
 *
 * Every `begin()` is to be followed by one of `succeeded()`, `failed()` and `abandoned()`, on trial above all: a trial without an end
 * would be the last. `begin()` returns a ticket. Who hands it back at the end is judged by the state in which the statement began, so that
 * one which began before the breaker opened cannot pass for a trial, nor fail a member that has since come back.
 *
 * @param onChange told after each change of the kind of state, and when an open one is forced open. Not of `forceClosed()` on a closed one
 */
export class Breaker {
  /** A field of its own: all that a statement costs while nothing is wrong. */
  private closed = true;
  private current: BreakerState = CLOSED;
  private held: 'open' | 'closed' | undefined;
  private inRow = 0;
  /** Trials that failed since it was last closed: each doubles the time until the next. */
  private failedTrials = 0;
  private onTrial = false;
  /** One for all who begin in one state: those of an earlier one are void. */
  private ticket = 0;
  private readonly all: SlidingCount;
  private readonly bad: SlidingCount;

  constructor(
    private readonly options: Required<BreakerOptions>,
    private readonly onChange: (from: BreakerState, to: BreakerState) => void,
  ) {
    this.all = new SlidingCount(options.windowMs);
    this.bad = new SlidingCount(options.windowMs);
  }

  /** What a person ordered, until `reset()`. A breaker forced closed looks like any closed one otherwise. */
  get forced(): 'open' | 'closed' | undefined {
    return this.held;
  }

  /** @param now monotonic milliseconds, as everywhere here: an open breaker becomes half-open when it is asked after its time */
  state(now: number): BreakerState {
    if (this.current.kind === 'open' && now >= this.current.until) this.become({ kind: 'half-open', successes: 0 });
    return this.current;
  }

  /** Whether a statement may be sent now. On trial nobody waits for the result of another's: the answer is no. */
  allows(now: number): boolean {
    if (this.closed) return true;
    return this.state(now).kind === 'half-open' && !this.onTrial;
  }

  /**
   * A statement is sent. While half-open it takes the place on trial, if that is free.
   *
   * @returns a ticket for `succeeded()`, `failed()` or `abandoned()`
   */
  begin(now: number): number {
    if (this.closed) return this.ticket;
    if (!this.allows(now)) return NO_SAY;
    this.onTrial = true;
    return this.ticket;
  }

  /** @param ticket of `begin()`; without it, whoever ends while a trial is under way is taken for the trial */
  succeeded(now: number, ticket: number = this.ticket): void {
    if (ticket !== this.ticket) return;
    if (this.closed) {
      this.inRow = 0;
      this.all.add(now);
    } else if (this.endTrial() && this.current.kind === 'half-open') {
      const successes = this.current.successes + 1;
      if (successes >= this.options.successes) this.close(undefined);
      else this.current = { kind: 'half-open', successes };
    }
  }

  /** The member, or the way to it, failed. A failure while open changes nothing: it was on its way already. */
  failed(now: number, ticket: number = this.ticket): void {
    if (ticket !== this.ticket) return;
    if (this.closed) {
      if (this.held === undefined && this.isTooMuch(now)) this.open(now);
    } else if (this.endTrial()) {
      this.failedTrials += 1;
      this.open(now);
    }
  }

  /** It ended without saying anything about the member: it was given up or cancelled, say. The next may be on trial. */
  abandoned(_now: number, ticket: number = this.ticket): void {
    if (ticket === this.ticket && !this.closed) this.endTrial();
  }

  /** Lets nothing through until `forceClosed()` or `reset()`. */
  forceOpen(_now: number): void {
    this.held = 'open';
    this.become(FORCED_OPEN);
  }

  /** Lets everything through, whatever fails, until `forceOpen()` or `reset()`. */
  forceClosed(_now: number): void {
    this.close('closed');
  }

  /** Automatic again, closed, with nothing remembered. */
  reset(_now: number): void {
    this.close(undefined);
  }

  private isTooMuch(now: number): boolean {
    const { failures, failureRate, minimum } = this.options;
    this.inRow += 1;
    this.all.add(now);
    this.bad.add(now);
    if (this.inRow >= failures) return true;
    const all = this.all.sum(now);
    return all >= minimum && this.bad.sum(now) / all >= failureRate;
  }

  /** Whether there was one. */
  private endTrial(): boolean {
    const was = this.onTrial;
    this.onTrial = false;
    return was;
  }

  private open(now: number): void {
    const { openMs, longestMs } = this.options;
    const forMs = Math.min(openMs * 2 ** this.failedTrials, longestMs);
    this.become({ kind: 'open', forced: false, until: now + forMs });
  }

  private close(held: 'closed' | undefined): void {
    this.held = held;
    this.failedTrials = 0;
    this.inRow = 0;
    this.all.clear();
    this.bad.clear();
    this.become(CLOSED);
  }

  private become(to: BreakerState): void {
    const from = this.current;
    this.current = to;
    this.closed = to.kind === 'closed';
    this.onTrial = false;
    this.ticket += 1;
    if (from !== to) this.onChange(from, to);
  }
}
