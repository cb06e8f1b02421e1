import type { Fleet } from '../lib';
import { type Clock, systemClock } from '../lib/clock';
import { Bursts } from './bursts';
import { type FleetEvent, listen } from './listen';
import { statusView } from './status-view';
import { Tally } from './tally';
import { tellEvent, type Words } from './telling';
import type { Moment, StatusView, Tick, Told } from './view';

/** Length of a {@link Moment}, in milliseconds. */
export const MOMENT_MS = 1_000;
/** Moments that are kept: ten minutes. */
export const MOST_MOMENTS = 600;
export const MOST_TOLD = 200;
/** Names come from the app's own code; a program that makes them up must not fill the memory. */
const MOST_ENDPOINTS = 1_000;

export interface RecorderOptions {
  /** @default the system's, with timers that keep no process alive */
  readonly clock?: Clock;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Whoever follows a recorder. */
export interface Follower {
  tick(tick: Tick): void;
  told(told: Told): void;
}

const backgroundClock: Clock = {
  now: systemClock.now,
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/**
 * Remembers what a fleet did: ten minutes in seconds, and the last two hundred events in words.
 *
 * Begins at once and hears every decision of the fleet until {@link stop}.
 */
export class Recorder {
  private readonly moments: Moment[] = [];
  private readonly events: Told[] = [];
  private readonly followers = new Set<Follower>();
  private readonly endpoints = new Set<string>();
  private readonly bursts = new Bursts();
  private readonly clock: Clock;
  private readonly now: () => number;
  private readonly unlisten: () => void;
  private tally = new Tally();
  private lastId = 0;
  private quietFlags = false;
  private nextTickAt: number;
  private timer: { cancel(): void };

  constructor(
    private readonly fleet: Pick<Fleet, 'status' | 'contract'>,
    { clock = backgroundClock, now = Date.now }: RecorderOptions = {},
  ) {
    this.clock = clock;
    this.now = now;
    this.unlisten = listen(fleet.contract, {
      decision: (decision) => {
        this.tally.decision(decision);
        if (decision.endpoint !== undefined && this.endpoints.size < MOST_ENDPOINTS)
          this.endpoints.add(decision.endpoint);
      },
      outcome: (outcome) => this.tally.outcome(outcome),
      event: (event) => this.hear(event),
    });
    this.nextTickAt = this.clock.now() + MOMENT_MS;
    this.timer = this.clock.after(MOMENT_MS, () => this.tick());
  }

  /** The oldest first. */
  get history(): readonly Moment[] {
    return this.moments;
  }

  /** The oldest first. */
  get told(): readonly Told[] {
    return this.events;
  }

  /** Whether a read has named this endpoint since the recorder began. */
  hasSeen(endpoint: string): boolean {
    return this.endpoints.has(endpoint);
  }

  status(): StatusView {
    return statusView(this.fleet.status(), this.fleet.contract.lag, this.now());
  }

  /** @returns ends it */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  get following(): number {
    return this.followers.size;
  }

  /** Adds to the events. @param event e.g. `switch` */
  tell(event: string, { tone, text }: Words): void {
    this.lastId += 1;
    const told: Told = { id: this.lastId, at: this.now(), event, tone, text };
    this.events.push(told);
    if (this.events.length > MOST_TOLD) this.events.shift();
    for (const follower of [...this.followers]) follower.told(told);
  }

  /** Runs a change that somebody ordered. Told with its own words; of the switches of endpoints the fleet's are not told beside them. */
  byHand(text: string, change: () => void): void {
    this.quietFlags = true;
    try {
      change();
    } finally {
      this.quietFlags = false;
    }
    this.tell('switch', { tone: 'neutral', text });
  }

  /** What was recorded stays; nothing is added. May be called again. */
  stop(): void {
    this.unlisten();
    this.timer.cancel();
    this.followers.clear();
  }

  private hear(event: FleetEvent): void {
    if (event.event === 'fallback' || event.event === 'shed' || event.event === 'hedge') {
      if (event.event === 'shed') this.tally.shed();
      this.bursts.add(event);
    } else if (event.event !== 'flags' || !this.quietFlags) this.tell(event.event, tellEvent(event));
  }

  private tick(): void {
    for (const { event, words } of this.bursts.tick(MOMENT_MS)) this.tell(event, words);
    const status = this.status();
    const moment = this.tally.moment(status.at, status.members);
    this.tally = new Tally();
    this.moments.push(moment);
    if (this.moments.length > MOST_MOMENTS) this.moments.shift();
    // After a pause of the machine what was missed is not made up for.
    const now = this.clock.now();
    const next = this.nextTickAt + MOMENT_MS;
    this.nextTickAt = next > now ? next : now + MOMENT_MS;
    this.timer = this.clock.after(this.nextTickAt - now, () => this.tick());
    for (const follower of [...this.followers]) follower.tick({ status, moment });
  }
}
