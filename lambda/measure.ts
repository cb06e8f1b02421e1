import { type Clock, systemClock } from '../lib/clock';
import type { ContractMember } from '../lib/contract';
import { DEFAULTS } from '../lib/defaults';
import type { Lag } from '../lib/lag/lag';
import { Monitor, type Watched } from '../lib/lag/monitor';
import { Probe } from '../lib/lag/probe';
import type { Sighting } from '../lib/lag/sighting';
import { sourceFor } from '../lib/lag/source';
import { type Facts, type MemberState, stateOfReader, stateOfWriter } from '../lib/members/state';
import type { ConfigOf } from './connection';
import type { EmitterContract } from './emitter-contract';

export interface MeasureOptions {
  /** How to connect to a member, who has this many milliseconds for an answer. */
  readonly configOf: ConfigOf;
  /**
   * Milliseconds.
   * @default - as long as the router waits
   */
  readonly timeoutMs?: number;
  /** @default the system's monotonic clock */
  readonly clock?: Clock;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
  /**
   * For tests: who answers for a member.
   * @default - the member itself
   */
  readonly probeOf?: (member: ContractMember) => MemberProbe;
}

/** Asks one member. */
export type MemberProbe = Pick<Probe, 'ask' | 'close'>;

/** Positions of the primary that are remembered: writes of two hours, at two positions a second. A dead replica ages that long. */
const REMEMBERED = 12_000;
/** Two positions of the primary further apart than so many polls have a gap between them: nobody looked meanwhile. */
const GAP_POLLS = 2;

/** What was found out about one member. */
export interface Measurement {
  readonly member: string;
  readonly state: MemberState;
  /** Of readers that answer and whose primary is known. */
  readonly lag: Lag | undefined;
  /**
   * That the seconds are the least that it can be behind: its position lies where the primary was not looked at for a while, so it
   * may be further behind, by as much as that while.
   */
  readonly atLeast?: true;
  /** Its last answer; absent when it does not answer now. */
  readonly sighting?: Sighting;
}

/** A member under watch, with what it said last. */
class Watch implements Watched {
  facts: Facts = {};
  /** Whether its last answer lacked something that the primary had written. */
  private wasBehind = false;

  constructor(
    readonly name: string,
    private readonly probe: MemberProbe,
  ) {}

  ask(): Promise<Sighting> {
    return this.probe.ask();
  }

  onSighting(sighting: Sighting, lag: Lag | undefined, provenAt: number | undefined): void {
    const isBehind = lag !== undefined && lacks(lag);
    const late = lag !== undefined && provenAt !== undefined && this.wasBehindSince(provenAt) && !isBehind;
    // It has the primary's newest position only since it was asked again: it is as old as that took, and not up to date.
    const seconds = late ? (sighting.at - provenAt) / 1_000 : lag?.seconds;
    this.facts = { sighting, lag: lag && { ...lag, seconds: seconds as number }, provenAt };
    this.wasBehind = isBehind;
  }

  /** Whether its last answer was given since `moment`, and lacked something. */
  private wasBehindSince(moment: number): boolean {
    const { sighting } = this.facts;
    return sighting !== undefined && sighting.at >= moment && this.wasBehind;
  }

  onSilence(failure: string): void {
    this.facts = { ...this.facts, failure };
  }

  close(): void {
    this.probe.close();
  }
}

/** What it said last says nothing of now when it has fallen silent since. */
function answerOf({ sighting, failure }: Facts): Pick<Measurement, 'sighting'> {
  return sighting && failure === undefined ? { sighting } : {};
}

/** Whether the replica had not replayed all. Within a millisecond it may be behind by bytes alone. */
function lacks({ seconds, bytes = 0 }: Lag): boolean {
  return seconds > 0 || bytes > 0;
}

/**
 * Measures a fleet with the code that the router measures with: an alarm and a routing decision cannot disagree about lag.
 *
 * Kept between invocations, since seconds of lag come from what the primary wrote before. Within one it looks at all members as often
 * as the router does: a replica's age is known as finely as the primary's positions lie apart.
 */
export class Measure {
  private readonly writer: Watch;
  private readonly readers: readonly Watch[];
  private readonly monitor: Monitor<Watch>;
  private readonly gapMs: number;
  private readonly criticalMs: number;
  /** Whether members change places, and the writer's name is one that follows. */
  private readonly isCluster: boolean;

  constructor(contract: EmitterContract, { configOf, probeOf, ...options }: MeasureOptions) {
    const { clock = systemClock, random = Math.random, timeoutMs = DEFAULTS.lag.timeoutMs } = options;
    const { pollMs } = DEFAULTS.lag;
    const source = sourceFor(contract.topology);
    const probe = (member: ContractMember) =>
      new Probe(configOf(member, timeoutMs), timeoutMs, clock, undefined, source);
    const watch = (member: ContractMember) => new Watch(member.name, (probeOf ?? probe)(member));
    this.writer = watch(contract.writer);
    this.readers = contract.readers.map(watch);
    this.monitor = new Monitor(this.writer, () => this.readers, { pollMs, clock, random, remembered: REMEMBERED });
    this.gapMs = GAP_POLLS * pollMs;
    this.criticalMs = contract.lag.criticalSeconds * 1_000;
    this.isCluster = contract.topology !== 'instances';
  }

  /** Begins to look at every member, again and again; resolves after the first look. */
  start(): Promise<void> {
    return this.monitor.start();
  }

  /** Looks no more until it is started again; resolves when nothing is under way. */
  pause(): Promise<void> {
    return this.monitor.pause();
  }

  /** One look at every member. One that hangs costs its time-out and hides no other. */
  async take(): Promise<Measurement[]> {
    // A member that hangs may have been asked by a look before this one; whether it answers is to be told as well.
    await Promise.all([this.monitor.answers(), this.monitor.round()]);
    const timeline = this.monitor.primaryTimeline;
    const writer = stateOfWriter(this.writer.facts);
    // The name follows the writer; a connection that outlived the failover stays with the one that was.
    if (this.isCluster && writer.kind === 'demoted') this.writer.close();
    return [
      { member: this.writer.name, state: writer, lag: undefined, ...answerOf(this.writer.facts) },
      ...this.readers.map(({ name, facts }) => {
        const atLeast = this.leastSeconds(facts);
        const lag = facts.lag && atLeast !== undefined ? { ...facts.lag, seconds: atLeast } : facts.lag;
        const state = stateOfReader({ ...facts, ...(lag && { lag }) }, timeline, this.criticalMs);
        const answer = { member: name, state, lag: undefined, ...answerOf(facts) };
        if (!('lag' in state)) return answer;
        return { ...answer, lag: state.lag, ...(atLeast !== undefined && { atLeast: true as const }) };
      }),
    ];
  }

  /** What a reader is behind at least, when its position lies in a gap of what is known of the primary; undefined when in none. */
  private leastSeconds({ sighting, lag, provenAt }: Facts): number | undefined {
    if (sighting?.lsn === undefined || lag === undefined || lag.bytes === 0) return undefined;
    // A source that knows ages itself needs no history, and has no gaps.
    if (sighting.ageMs !== undefined) return undefined;
    const passedAt = this.monitor.history.passedAt(sighting.lsn);
    if (passedAt === undefined || passedAt - (provenAt ?? Number.NEGATIVE_INFINITY) <= this.gapMs) return undefined;
    return Math.max(0, sighting.at - passedAt) / 1_000;
  }

  close(): void {
    this.monitor.stop();
    for (const watch of [this.writer, ...this.readers]) watch.close();
  }
}
