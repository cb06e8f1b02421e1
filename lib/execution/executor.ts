import type { QueryResult } from 'pg';
import type { Clock } from '../clock';
import type { ReadfleetError } from '../errors';
import type { Lease, Member, Statement } from '../members/member';
import type { Members } from '../members/members';
import type { Settings } from '../options';
import type { Policy } from '../policy/policy';
import { Bulkhead } from '../protection/bulkhead';
import { HEDGE_DEFAULTS, HedgeBudget, LatencyQuantile } from '../protection/hedging';
import { RetryBudget } from '../protection/retry-budget';
import { balancerOf } from '../routing/balancers';
import { type Choice, Router } from '../routing/router';
import { FreshReplicas } from '../session/fresh';
import { worthWaiting } from '../session/wait';
import { channels } from '../telemetry/channels';
import type { Teller } from '../telemetry/teller';
import { leaseReader } from './lease-reader';
import type { ReadContext } from './read-context';
import { ReadRun } from './read-run';

/** What the fleet hears of the work on its statements. */
export interface ExecutorListener {
  fallback(policy: Policy): void;
  shed(refusal: ReadfleetError, policy: Policy): void;
  hedged(member: Member): void;
  refused(statement: Statement, error: Error): void;
  /** @throws ReadfleetError `READFLEET_CLOSED` once the fleet is closed: what is cut off then is not tried elsewhere */
  assertOpen(): void;
}

/** Runs reads on a fleet: keeps what they share, the router and what protects the primary. */
export class Executor implements ReadContext {
  readonly clock: Clock;
  readonly router: Router<Member>;
  readonly bulkhead: Bulkhead;
  readonly retries: RetryBudget;
  readonly hedging = { budget: new HedgeBudget(HEDGE_DEFAULTS), latency: new LatencyQuantile() };
  private readonly fresh: FreshReplicas;

  constructor(
    private readonly members: Members,
    private readonly settings: Settings,
    private readonly teller: Teller,
    private readonly listener: ExecutorListener,
  ) {
    const { clock, balancer, random, zone } = settings;
    this.clock = clock;
    this.router = new Router(members, balancerOf(balancer, { random, zone }));
    this.bulkhead = new Bulkhead(settings.bulkhead, clock);
    this.retries = new RetryBudget(settings.retries, clock.now());
    this.fresh = new FreshReplicas(() => members.round(), clock);
  }

  get writer(): Member {
    return this.members.writer;
  }

  /**
   * @param proven   whether the statement is known to be a read, not just called one by the caller
   * @param calledAt when it was asked for, while somebody listens
   */
  read(statement: Statement, policy: Policy, proven: boolean, calledAt: number | undefined): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      new ReadRun(this, statement, policy, proven, calledAt, resolve, reject).start();
    });
  }

  /** A connection of a member that may serve such reads, with a transaction on it if told to. */
  leaseReader(policy: Policy, begin: string | undefined): Promise<{ readonly member: Member; readonly lease: Lease }> {
    return leaseReader(this, policy, begin);
  }

  sessionWaitMs(policy: Policy): number {
    const { waitMs } = this.settings.session;
    if (waitMs === 0 || policy.session === undefined) return 0;
    if (!this.router.waitsForSession(policy, this.clock.now())) return 0;
    return worthWaiting(policy.session, this.members.readers, waitMs) ? waitMs : 0;
  }

  caughtUp(policy: Policy, waitMs: number): Promise<unknown> {
    return this.fresh.until(() => !this.router.waitsForSession(policy, this.clock.now()), waitMs);
  }

  /** Some member was seen anew. */
  look(): void {
    this.fresh.look();
  }

  chosen(choice: Choice<Member>, policy: Policy, now: number, calledAt: number | undefined): void {
    if (choice.as === 'fallback') this.listener.fallback(policy);
    if (!channels.decision.hasSubscribers) return;
    const { member, as } = choice;
    this.teller.decision(
      {
        endpoint: policy.endpoint,
        kind: 'read',
        member: member.name,
        target: member.role,
        reason: as === 'primary' ? (policy.toPrimary ?? 'no replicas') : as,
        passedOver: as === 'fallback' ? this.router.passedOver(policy, now) : [],
      },
      calledAt,
    );
  }

  succeeded(member: Member, policy: Policy, incarnation: number, calledAt: number | undefined): void {
    const now = this.clock.now();
    this.retries.succeeded(now);
    if (policy.session !== undefined) {
      if (member.role === 'primary') policy.session.readFromPrimary(now);
      else policy.session.readFrom(member, now, incarnation);
    }
    if (channels.outcome.hasSubscribers) this.tellEnd(policy, member.name, undefined, calledAt);
  }

  ended(error: unknown, policy: Policy, calledAt: number | undefined): void {
    if (channels.outcome.hasSubscribers) this.tellEnd(policy, undefined, error, calledAt);
  }

  shed(refusal: ReadfleetError, policy: Policy): void {
    this.listener.shed(refusal, policy);
  }

  hedged(member: Member): void {
    this.listener.hedged(member);
  }

  lost(member: Member, error: Error): void {
    this.listener.assertOpen();
    this.members.lost(member, error);
  }

  refused(statement: Statement, error: Error): void {
    this.listener.refused(statement, error);
  }

  private tellEnd(policy: Policy, member: string | undefined, error: unknown, calledAt: number | undefined): void {
    this.teller.outcome({ endpoint: policy.endpoint, kind: 'read', member, error }, calledAt);
  }
}
