import { type Clock, sleep, type Timer } from '../clock';
import { messageOf } from '../errors';
import { LsnHistory } from './history';
import { type Lag, lagOf, provenAtOf } from './lag';
import type { Sighting } from './sighting';

/** A member as the monitor sees it. */
export interface Watched {
  readonly name: string;
  /** Asks it, once. */
  ask(): Promise<Sighting>;
  /** Told of every answer. */
  onSighting(sighting: Sighting, lag: Lag | undefined, provenAt: number | undefined): void;
  /** Told of everything that kept it from answering. */
  onSilence(reason: string): void;
}

export interface MonitorOptions {
  readonly pollMs: number;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /**
   * How many positions of the primary are remembered.
   * @default 1200 - ten minutes of writes, at two a second
   */
  readonly remembered?: number;
}

/** How long a round waits for the primary before it asks the replicas without a new position. */
const PRIMARY_GRACE_MS = 100;

/**
 * Asks all members, round by round.
 *
 * The primary comes first and its replicas right after, so that a replica which keeps up is proved fresh as of the round's beginning, not as of
 * the one before. A replica a few milliseconds behind is asked again within the round until it has passed the primary's position: under a steady
 * load of writes it would otherwise always seem one round old.
 */
export class Monitor<M extends Watched> {
  readonly history: LsnHistory;
  private primarySighting: Sighting | undefined;
  private timer: Timer | undefined;
  private readonly asking = new Map<M, Promise<void>>();
  private stopped = false;

  constructor(
    private writer: M,
    private readonly readers: () => readonly M[],
    private readonly options: MonitorOptions,
  ) {
    this.history = new LsnHistory(options.remembered);
  }

  /**
   * Another member is the primary from now on: what was known of the one before says nothing of its log.
   *
   * @param sighting what it last said as a primary, where it was seen as one
   */
  follow(writer: M, sighting?: Sighting): void {
    this.writer = writer;
    this.history.clear();
    this.primarySighting = undefined;
    if (sighting) this.record(writer, sighting);
  }

  /** What the primary last said, while it was one. */
  get primary(): Sighting | undefined {
    return this.primarySighting;
  }

  /** The primary's timeline as last seen. */
  get primaryTimeline(): number | undefined {
    return this.primarySighting?.timeline;
  }

  /** Begins to ask; resolves when every member has answered or failed once. */
  async start(): Promise<void> {
    const first = this.round();
    this.schedule();
    await first;
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  /** Asks nobody any more, until it is started again. Resolves when every question under way was answered, or failed. */
  async pause(): Promise<void> {
    this.timer?.cancel();
    await this.answers();
  }

  /** Resolves when every question that is under way now was answered, or failed. */
  async answers(): Promise<void> {
    await Promise.all(this.asking.values());
  }

  /** Asks one member now, since something suggests that it changed. */
  async check(member: M): Promise<void> {
    // A question under way may have been answered before the change.
    await this.asking.get(member);
    await this.ask(member);
  }

  private schedule(): void {
    const { pollMs, clock, random } = this.options;
    this.timer = clock.after(pollMs * (0.9 + 0.2 * random()), () => {
      void this.round();
      this.schedule();
    });
  }

  /** Asks everyone once, the primary first; resolves when everyone has answered or failed. {@link start} does this again and again. */
  async round(): Promise<void> {
    const { clock } = this.options;
    // Where a round before this one still asks it, its answer is the one to wait for.
    const primary = this.asking.get(this.writer) ?? this.ask(this.writer);
    await Promise.race([primary, sleep(clock, PRIMARY_GRACE_MS)]);
    await Promise.all([primary, ...this.readers().map((reader) => this.askUntilCaughtUp(reader))]);
  }

  private async askUntilCaughtUp(reader: M): Promise<void> {
    const { clock, pollMs } = this.options;
    const target = this.history.newest;
    const until = clock.now() + pollMs / 2;
    let pauseMs = 5;
    for (;;) {
      const sighting = await this.ask(reader);
      if (this.stopped || !sighting?.recovering || !sighting.receiving) return;
      if (target === undefined || (sighting.lsn !== undefined && sighting.lsn >= target)) return;
      if (clock.now() + pauseMs > until) return;
      await sleep(clock, pauseMs);
      pauseMs *= 2;
    }
  }

  /** One question at a time: a member that hangs gathers no queue. */
  private async ask(member: M): Promise<Sighting | undefined> {
    if (this.stopped || this.asking.has(member)) return undefined;
    let sighting: Sighting | undefined;
    const asking = member.ask().then(
      (answer) => {
        sighting = answer;
        if (!this.stopped) this.record(member, answer);
      },
      (error) => {
        if (!this.stopped) member.onSilence(messageOf(error));
      },
    );
    this.asking.set(member, asking);
    await asking;
    this.asking.delete(member);
    return sighting;
  }

  private record(member: M, sighting: Sighting): void {
    if (member === this.writer && !sighting.recovering && sighting.lsn !== undefined) {
      const before = this.primarySighting?.timeline;
      if (before !== undefined && before !== sighting.timeline) this.history.clear();
      this.history.add(sighting.lsn, sighting.at - (sighting.ageMs ?? 0));
      this.primarySighting = sighting;
    }
    const provenAt = provenAtOf(sighting, this.history);
    member.onSighting(sighting, lagOf(sighting, this.history), provenAt);
  }
}
