import type { Clock } from '../clock';
import type { Lag } from '../lag/lag';
import type { Watched } from '../lag/monitor';
import type { Probe } from '../lag/probe';
import type { Sighting } from '../lag/sighting';
import type { Member } from './member';
import type { Facts } from './state';

/** A member under watch: turns what it says, and that it says nothing, into facts. */
export class Watch implements Watched {
  private asking: Promise<unknown> = Promise.resolve();
  private nextAnswer: Promise<Sighting> | undefined;

  private readonly probe: Probe;
  /** A connection of its own: two questions on one would share their end. */
  private other: Probe | undefined;

  constructor(
    readonly member: Member,
    private readonly newProbe: () => Probe,
    private readonly clock: Clock,
    private readonly update: (member: Member, facts: Facts) => void,
  ) {
    this.probe = newProbe();
  }

  get name(): string {
    return this.member.name;
  }

  /** A probe opens a connection when it has none: of a member that is gone it must not. */
  ask(): Promise<Sighting> {
    return this.isOver ? Promise.reject(new Error(`${this.name} is gone`)) : this.probe.ask();
  }

  /** An answer to a question that is asked after this call began: one for all who wait for one. */
  fresh(): Promise<Sighting> {
    this.nextAnswer ??= this.asking.then(() => {
      this.nextAnswer = undefined;
      this.other ??= this.newProbe();
      const answer = this.isOver ? this.ask() : this.other.ask();
      this.asking = answer.catch(() => undefined);
      return answer;
    });
    return this.nextAnswer;
  }

  onSighting(sighting: Sighting, lag: Lag | undefined, provenAt: number | undefined): void {
    if (this.isOver) return;
    this.member.silentSince = undefined;
    this.update(this.member, { sighting, ...(lag && { lag }), ...(provenAt !== undefined && { provenAt }) });
  }

  onSilence(failure: string): void {
    const { member } = this;
    // What a member that left has under way may end.
    if (this.isOver) return;
    member.silentSince ??= this.clock.now();
    if (member.facts.failure === undefined) member.incarnation += 1;
    this.update(member, { ...member.facts, failure });
    member.abandon(failure);
  }

  close(): void {
    this.probe.close();
    this.other?.close();
  }

  private get isOver(): boolean {
    return this.member.state.kind === 'gone';
  }
}
