import type { Clock, Timer } from '../clock';
import { ReadfleetError } from '../errors';
import type { Priority } from '../policy/policy';
import { ShedError, type ShedReason } from './shed-error';
import { type Waiting, WaitingLine } from './waiting-line';

/** How many reads that no replica could take the primary is to bear. */
export interface BulkheadOptions {
  /** Reads on the primary at once. @default 25 */
  readonly max: number;
  /** Reads that wait for one of those places. 0: nobody waits. @default 1000 */
  readonly queue: number;
  /** Milliseconds that a read waits at most. @default 1000 */
  readonly waitMs: number;
}

export const BULKHEAD_DEFAULTS: BulkheadOptions = { max: 25, queue: 1_000, waitMs: 1_000 };

/** One read at the bulkhead: waiting, then in, then out. */
export interface Entry {
  /** Its statement has ended; or it gives up its place in the queue, and is told nothing any more. Again: nothing happens. */
  leave(): void;
}

/**
 * Must not throw.
 *
 * @param refusal why it was not let in: a {@link ShedError}, or `READFLEET_CLOSED`
 * @param entry   the same that `enter()` returns, which may not have returned yet
 */
export type Admitted = (refusal: ReadfleetError | undefined, entry: Entry) => void;

/** From the first to be shed to the last. */
const LOWEST_FIRST: readonly Priority[] = ['low', 'normal', 'high'];
const HIGHEST_FIRST: readonly Priority[] = [...LOWEST_FIRST].reverse();

/**
 * Lets only so many reads onto the primary that replicas should have served: when all replicas are gone, the primary is to survive
 * (M. Nygard, Release It!, 2nd ed., "Bulkheads").
 *
 * Who finds it full waits. The highest priority goes first, within one whoever came first. When the queue is full, the lowest priority is
 * shed, its newest first: that one has waited least. Each is told exactly once, unless it left before.
 */
export class Bulkhead {
  private readonly lines: Readonly<Record<Priority, WaitingLine<Place>>> = {
    low: new WaitingLine(),
    normal: new WaitingLine(),
    high: new WaitingLine(),
  };
  private inside = 0;
  private waiting = 0;
  private turnedAway = 0;
  private closed = false;
  private admitting = false;
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly options: BulkheadOptions,
    private readonly clock: Clock,
  ) {}

  /** Reads that may be in at once. */
  get max(): number {
    return this.options.max;
  }

  /** Reads let in that have not left. */
  get active(): number {
    return this.inside;
  }

  /** Reads that wait. */
  get queued(): number {
    return this.waiting;
  }

  /** Reads shed so far. */
  get shed(): number {
    return this.turnedAway;
  }

  /**
   * @param deadline monotonic milliseconds after which it no longer waits
   * @param admitted called once: at once when there is room, or when it is refused at once
   */
  enter(priority: Priority, deadline: number | undefined, admitted: Admitted): Entry {
    const place = new Place(this, priority, admitted);
    if (this.closed) place.tell(isClosed());
    else if (this.inside < this.options.max && this.waiting === 0) this.admit(place);
    else this.queue(place, deadline);
    return place;
  }

  /** Refuses all that wait, and all that come, with `READFLEET_CLOSED`. Those inside may end. */
  close(): void {
    this.closed = true;
    for (let place = this.next(HIGHEST_FIRST); place; place = this.next(HIGHEST_FIRST)) {
      this.take(place);
      place.tell(isClosed());
    }
  }

  /** @internal */
  leave(place: Place): void {
    const { at } = place;
    place.at = 'out';
    if (at === 'queue') this.take(place);
    if (at !== 'inside') return;
    this.inside -= 1;
    this.admitNext();
  }

  private admit(place: Place): void {
    this.inside += 1;
    place.at = 'inside';
    place.tell(undefined);
  }

  /** Who is let in may leave while it is told so: the loop, not the call stack, then takes the next. */
  private admitNext(): void {
    if (this.admitting) return;
    this.admitting = true;
    try {
      while (this.inside < this.options.max) {
        const place = this.next(HIGHEST_FIRST);
        if (!place) break;
        this.take(place);
        // A busy process calls timers late.
        if (place.until <= this.clock.now()) this.refuse(place, place.late);
        else this.admit(place);
      }
    } finally {
      this.admitting = false;
    }
  }

  private queue(place: Place, deadline = Number.POSITIVE_INFINITY): void {
    const now = this.clock.now();
    place.until = Math.min(now + this.options.waitMs, deadline);
    place.late = deadline < now + this.options.waitMs ? 'deadline passed' : 'waited too long';
    if (place.until <= now) this.refuse(place, place.late);
    else if (this.waiting < this.options.queue) this.put(place);
    else this.contend(place);
  }

  /** One too many: the place of the newest of the lowest priority goes to one of higher priority. */
  private contend(place: Place): void {
    const victim = this.lines[this.next(LOWEST_FIRST)?.priority ?? 'high'].last;
    if (victim && LOWEST_FIRST.indexOf(victim.priority) < LOWEST_FIRST.indexOf(place.priority)) {
      this.put(place);
      this.take(victim);
      this.refuse(victim, 'queue full');
    } else this.refuse(place, 'queue full');
  }

  private put(place: Place): void {
    place.at = 'queue';
    this.lines[place.priority].add(place);
    this.waiting += 1;
    this.wakeAt(place.until);
  }

  private take(place: Place): void {
    this.lines[place.priority].remove(place);
    this.waiting -= 1;
    if (this.waiting === 0) this.wakeAt(Number.POSITIVE_INFINITY);
  }

  private refuse(place: Place, reason: ShedReason): void {
    this.turnedAway += 1;
    place.tell(new ShedError(place.priority, reason, this.options));
  }

  private next(order: readonly Priority[]): Place | undefined {
    for (const priority of order) {
      const { first } = this.lines[priority];
      if (first) return first;
    }
    return undefined;
  }

  /** One timer for all: for the earliest to be due, or an earlier one whose owner has left meanwhile. */
  private wakeAt(time: number): void {
    if (this.waiting > 0 && time >= this.timerAt) return;
    this.timer?.cancel();
    this.timerAt = time;
    this.timer =
      time === Number.POSITIVE_INFINITY
        ? undefined
        : this.clock.after(Math.max(0, time - this.clock.now()), () => this.shedLate());
  }

  private shedLate(): void {
    const now = this.clock.now();
    this.timer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
    const late: Place[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const priority of LOWEST_FIRST) {
      for (let place = this.lines[priority].first; place; place = place.after) {
        if (place.until <= now) late.push(place);
        else earliest = Math.min(earliest, place.until);
      }
    }
    if (earliest < Number.POSITIVE_INFINITY) this.wakeAt(earliest);
    for (const place of late) {
      // One that was told before may have closed everything, or let this one in.
      if (place.at !== 'queue') continue;
      this.take(place);
      this.refuse(place, place.late);
    }
  }
}

class Place implements Entry, Waiting<Place> {
  before: Place | undefined;
  after: Place | undefined;
  at: 'nowhere' | 'queue' | 'inside' | 'out' = 'nowhere';
  until = Number.POSITIVE_INFINITY;
  late: ShedReason = 'waited too long';

  constructor(
    private readonly bulkhead: Bulkhead,
    readonly priority: Priority,
    private readonly admitted: Admitted,
  ) {}

  leave(): void {
    this.bulkhead.leave(this);
  }

  tell(refusal: ReadfleetError | undefined): void {
    if (refusal) this.at = 'out';
    this.admitted(refusal, this);
  }
}

function isClosed(): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_CLOSED',
    'the fleet was closed while the read waited for a place on the primary.',
  );
}
