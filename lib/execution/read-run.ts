import type { QueryResult } from 'pg';
import type { Timer } from '../clock';
import { type Attempt, messageOf, ReadfleetError } from '../errors';
import type { Member, Statement } from '../members/member';
import type { Policy } from '../policy/policy';
import type { Entry } from '../protection/bulkhead';
import { classifyFailure } from './failure';
import { noMember, retriesSpent, told } from './no-member';
import type { ReadContext } from './read-context';
import { type Cancellable, startReadOnly } from './read-only';

const NOBODY: readonly never[] = [];

/**
 * One read, from its first attempt to its answer: asks one member after another until one answers, or two at once when it is hedged.
 *
 * Nothing is lost by asking again: a statement that a standby runs changes nothing, and on the primary only statements that are proved to be reads
 * run bare; others run in a read-only transaction there.
 *
 * One object a read, and callbacks: most end with their first attempt, and pay for nothing else.
 */
export class ReadRun {
  private tried: Member[] = NOBODY as unknown as Member[];
  private attempts: Attempt[] | undefined;
  private works: Cancellable[] | undefined;
  private last: unknown;
  private settled = false;
  private skipPrimary = false;
  private entry: Entry | undefined;
  private deadline: number | undefined;
  private timers: Timer[] | undefined;
  private underWay = 0;
  private hedged = false;
  private beganAt = 0;

  constructor(
    private readonly context: ReadContext,
    private readonly statement: Statement,
    private readonly policy: Policy,
    /** Whether the statement is known to be a read, not just called one by the caller. */
    private readonly proven: boolean,
    /** Monotonic milliseconds, while somebody listens. */
    private readonly calledAt: number | undefined,
    private readonly resolve: (result: QueryResult) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  start(): void {
    const { policy, context } = this;
    if (policy.signal !== undefined || policy.timeoutMs !== undefined) this.limit();
    if (this.settled) return;
    if (policy.hedge) {
      this.beganAt = context.clock.now();
      context.hedging.budget.read();
    }
    const waitMs = policy.session === undefined ? 0 : context.sessionWaitMs(policy);
    if (waitMs > 0) {
      void context.caughtUp(policy, waitMs).then(() => this.next());
    } else this.next();
  }

  /** Asks whoever is next. */
  private next(): void {
    if (this.settled) return;
    const { context, policy } = this;
    const now = context.clock.now();
    const choice = context.router.next(policy, this.tried, this.skipPrimary, now);
    if (!choice) this.giveUp();
    else if (this.tried.length > 0 && !context.retries.take(now))
      this.fail(retriesSpent(this.attempts ?? [], this.last));
    else {
      context.chosen(choice, policy, now, this.tried.length === 0 && !this.skipPrimary ? this.calledAt : undefined);
      if (choice.as === 'fallback') this.enterPrimary();
      else this.attempt(choice.member);
    }
  }

  private enterPrimary(): void {
    this.entry = this.context.bulkhead.enter(this.policy.priority, this.deadline, (refusal, entry) => {
      if (this.settled) entry.leave();
      // Another member may have become the primary while the read waited.
      else if (!refusal) this.attempt(this.context.writer, entry);
      else {
        this.last = refusal;
        this.skipPrimary = true;
        this.context.shed(refusal, this.policy);
        this.next();
      }
    });
  }

  private attempt(member: Member, entry?: Entry): void {
    this.tried = this.tried.length === 0 ? [member] : [...this.tried, member];
    this.underWay += 1;
    const { role, incarnation } = member;
    const onReplica = role === 'replica';
    const answered = (error: Error | undefined, result: QueryResult | undefined) =>
      this.answered(member, incarnation, entry, error, result);
    const work =
      onReplica || this.proven
        ? member.start(this.statement, true, answered)
        : startReadOnly(this.statement, member, answered);
    if (this.policy.hedge || this.policy.attemptTimeoutMs !== undefined || this.timers)
      this.watch(work, member, onReplica);
  }

  private answered(
    member: Member,
    incarnation: number,
    entry: Entry | undefined,
    error: unknown,
    result: QueryResult | undefined,
  ): void {
    entry?.leave();
    this.underWay -= 1;
    if (this.settled) return;
    if (error === undefined) this.succeed(member, incarnation, result as QueryResult);
    else this.failed(member, error);
  }

  private succeed(member: Member, incarnation: number, result: QueryResult): void {
    const { context, policy } = this;
    member.counters.reads += 1;
    context.succeeded(member, policy, incarnation, this.calledAt);
    // Of a hedged read as well: how long it took was more than the delay, and that is all that a quantile asks.
    if (policy.hedge && this.attempts === undefined)
      context.hedging.latency.observe(context.clock.now() - this.beganAt);
    this.end();
    this.resolve(result);
  }

  private failed(member: Member, error: unknown): void {
    switch (classifyFailure(error, member.role === 'replica')) {
      case 'statement':
        this.fail(error);
        break;
      case 'behind':
        this.onPrimary(member, error as Error, false);
        break;
      case 'refused':
        // Only a proved read is run again; what the caller merely called a read and a standby refuses is the caller's to mend.
        if (this.proven) this.onPrimary(member, error as Error, true);
        else this.fail(error);
        break;
      case 'lost':
        this.note(member, error);
        this.lost(member, error as Error);
        this.goOn();
        break;
      default:
        this.note(member, error);
        this.goOn();
    }
  }

  private lost(member: Member, error: Error): void {
    try {
      this.context.lost(member, error);
    } catch (closed) {
      this.fail(closed);
    }
  }

  /** Another that is still under way may yet answer. */
  private goOn(): void {
    if (this.underWay === 0) this.next();
  }

  private note(member: Member, error: unknown): void {
    member.counters.errors += 1;
    this.attempts ??= [];
    this.attempts.push({ member: member.name, error: messageOf(error) });
    this.last = error;
  }

  /**
   * A standby cannot, or does not know the name yet.
   *
   * @param word  what the standby said
   * @param learn whether that is to be learned, when the primary can
   */
  private onPrimary(standby: Member, word: Error, learn: boolean): void {
    const { context } = this;
    if (context.writer.forcedOpen) {
      this.fail(word);
      return;
    }
    // After a change of the schema all reads of the new name come this way, until the replicas have it.
    this.entry = context.bulkhead.enter(this.policy.priority, this.deadline, (shed, entry) => {
      if (this.settled) entry.leave();
      else if (shed) {
        context.shed(shed, this.policy);
        this.fail(shed);
      } else this.replay(standby, word, learn, entry);
    });
  }

  private replay(standby: Member, word: Error, learn: boolean, entry: Entry): void {
    const { context, statement, proven } = this;
    // Another member may have become the primary while the read waited.
    const { writer } = context;
    const { incarnation } = writer;
    const answered = (error: Error | undefined, result: QueryResult | undefined) => {
      entry.leave();
      if (error === undefined && learn) context.refused(statement, word);
      if (this.settled) return;
      if (error === undefined) this.succeed(writer, incarnation, result as QueryResult);
      else this.failedOnPrimary(writer, error, { member: standby.name, error: messageOf(word) });
    };
    const work = proven ? writer.start(statement, true, answered) : startReadOnly(statement, writer, answered);
    if (this.timers) this.watch(work, writer, false);
  }

  private failedOnPrimary(writer: Member, error: Error, before: Attempt): void {
    const failure = classifyFailure(error, false);
    if (failure === 'lost' || failure === 'busy') {
      this.attempts = [...(this.attempts ?? []), before];
      this.note(writer, error);
      if (failure === 'lost') this.lost(writer, error);
      this.giveUp();
    } else this.fail(error);
  }

  /** The read's own time and the caller's signal. */
  private limit(): void {
    const { signal, timeoutMs } = this.policy;
    const { clock } = this.context;
    this.timers = [];
    if (signal?.aborted) this.fail(signal.reason);
    else if (signal) {
      const abort = () => this.fail(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      this.timers.push({ cancel: () => signal.removeEventListener('abort', abort) });
    }
    if (timeoutMs === undefined || this.settled) return;
    this.deadline = clock.now() + timeoutMs;
    this.timers.push(clock.after(timeoutMs, () => this.expire(timeoutMs)));
  }

  private expire(timeoutMs: number): void {
    const { attempts = [], last: cause } = this;
    const silent = this.tried
      .filter(({ name }) => !attempts.some(({ member }) => member === name))
      .map(({ name }) => ({ member: name, error: 'no answer within the time' }));
    const all = [...attempts, ...silent];
    const passedOver = this.passedOver();
    const message = `a read was not answered within its ${timeoutMs} ms. ${told(all, passedOver)}`;
    this.fail(new ReadfleetError('READFLEET_TIMEOUT', message, { cause, trace: { attempts: all, passedOver } }));
  }

  /** What has timers: attempts that may be given up or hedged. */
  private watch(work: Cancellable, member: Member, onReplica: boolean): void {
    const { policy, context } = this;
    if (this.settled) return;
    this.works ??= [];
    this.works.push(work);
    this.timers ??= [];
    if (onReplica && policy.attemptTimeoutMs !== undefined) {
      const { attemptTimeoutMs } = policy;
      this.timers.push(
        context.clock.after(attemptTimeoutMs, () => {
          if (this.settled || !work.cancel()) return;
          this.underWay -= 1;
          member.load.failed(context.clock.now());
          this.note(member, new Error(`no answer within ${attemptTimeoutMs} ms`));
          this.goOn();
        }),
      );
    }
    const delayMs = policy.hedge && this.proven && !this.hedged ? context.hedging.latency.delayMs() : undefined;
    if (delayMs !== undefined) this.timers.push(context.clock.after(delayMs, () => this.hedge()));
  }

  /** A second member is asked, if one is fit: a hedge never burdens the primary. */
  private hedge(): void {
    if (this.settled || this.hedged || this.underWay === 0) return;
    const { context, policy } = this;
    const now = context.clock.now();
    const choice = context.router.next(policy, this.tried, true, now);
    if (choice?.as !== 'replica' || !context.hedging.budget.take()) return;
    this.hedged = true;
    context.chosen(choice, policy, now, undefined);
    context.hedged(choice.member, policy);
    this.attempt(choice.member);
  }

  private giveUp(): void {
    const { last } = this;
    // What sheds a read says more than that nobody was left.
    if (ReadfleetError.is(last) && this.attempts === undefined) this.fail(last);
    else this.fail(noMember(this.attempts ?? [], this.passedOver(), last));
  }

  private passedOver() {
    return this.context.router.passedOver(this.policy, this.context.clock.now());
  }

  private fail(error: unknown): void {
    if (this.settled) return;
    this.end();
    this.context.ended(error, this.policy, this.calledAt);
    // See refuse().
    if (this.tried.length === 0) setImmediate(this.reject, error);
    else this.reject(error);
  }

  /** Whatever is still under way is of no use to anybody. */
  private end(): void {
    this.settled = true;
    this.entry?.leave();
    if (!this.timers) return;
    for (const timer of this.timers) timer.cancel();
    for (const work of this.works ?? []) work.cancel();
  }
}
