import type { QueryResult } from 'pg';
import type { ReadfleetError } from '../../../lib/errors';
import type { ReadContext } from '../../../lib/execution/read-context';
import { ReadRun } from '../../../lib/execution/read-run';
import type { Member, Statement } from '../../../lib/members/member';
import type { Policy } from '../../../lib/policy/policy';
import { BULKHEAD_DEFAULTS, Bulkhead, type BulkheadOptions } from '../../../lib/protection/bulkhead';
import { HEDGE_DEFAULTS, HedgeBudget, LatencyQuantile } from '../../../lib/protection/hedging';
import { RETRY_BUDGET_DEFAULTS, RetryBudget, type RetryBudgetOptions } from '../../../lib/protection/retry-budget';
import { roundRobin } from '../../../lib/routing/balancers/round-robin';
import { Router } from '../../../lib/routing/router';
import { ManualClock } from '../../support/manual-clock';
import { sighting } from '../../support/sightings';
import { FRESH, PRIMARY, policy, type Reader, reader } from '../routing/readers';

/** One statement on its way on a {@link FakeMember}. */
export interface FakeWork {
  readonly statement: Statement;
  cancelled: boolean;
  answer(rows: readonly object[]): void;
  fail(error: Error): void;
}

/** A member that answers when the test says so. */
export class FakeMember implements Reader {
  readonly counters = { reads: 0, writes: 0, errors: 0 };
  readonly works: FakeWork[] = [];
  forcedOpen = false;
  facts = FRESH;
  readonly weight = 1;
  readonly zone = undefined;
  readonly incarnation = 0;
  readonly state = { kind: 'serving', lag: { seconds: 0, bytes: 0 } } as const;
  readonly load = reader().load;

  constructor(
    readonly name: string,
    readonly role: 'primary' | 'replica',
  ) {}

  allows(): boolean {
    return !this.forcedOpen;
  }

  start(statement: Statement, _movable: boolean, answered: (error?: Error, result?: QueryResult) => void) {
    let settled = false;
    const work: FakeWork = {
      statement,
      cancelled: false,
      answer: (rows) => end(undefined, { rows } as QueryResult),
      fail: (error) => end(error),
    };
    const end = (error: Error | undefined, result?: QueryResult) => {
      settled = true;
      answered(error, result);
    };
    this.works.push(work);
    return {
      cancel: () => {
        if (settled) return false;
        settled = true;
        work.cancelled = true;
        return true;
      },
    };
  }

  /** The statement that was sent last. */
  get last(): FakeWork {
    const work = this.works.at(-1);
    if (!work) throw new Error(`${this.name} was not asked`);
    return work;
  }
}

export interface FakeFleetOptions {
  readonly replicas?: readonly string[];
  readonly bulkhead?: Partial<BulkheadOptions>;
  readonly retries?: Partial<RetryBudgetOptions>;
}

/** Members that answer when told, a clock that moves when told, and all else as it is. */
export class FakeFleet {
  readonly clock = new ManualClock();
  writer = new FakeMember('primary', 'primary');
  readonly readers: FakeMember[];
  primary = PRIMARY;
  /** Thrown when a member is lost, as by a fleet that was closed. */
  closed: ReadfleetError | undefined;
  /** What the fleet was told, in order. */
  readonly told: string[] = [];
  readonly refusals: string[] = [];
  readonly context: ReadContext;
  readonly bulkhead: Bulkhead;

  constructor({ replicas = ['blue', 'green'], bulkhead, retries }: FakeFleetOptions = {}) {
    const { clock } = this;
    this.readers = replicas.map((name) => new FakeMember(name, 'replica'));
    for (const member of this.readers) member.facts = { ...FRESH, sighting: sighting(), provenAt: Number.MAX_VALUE };
    this.bulkhead = new Bulkhead({ ...BULKHEAD_DEFAULTS, ...bulkhead }, clock);
    const fleet = this;
    this.context = {
      clock,
      get router() {
        return router as unknown as ReadContext['router'];
      },
      get writer() {
        return fleet.writer as unknown as Member;
      },
      bulkhead: this.bulkhead,
      retries: new RetryBudget({ ...RETRY_BUDGET_DEFAULTS, ...retries }, clock.now()),
      hedging: { budget: new HedgeBudget(HEDGE_DEFAULTS), latency: new LatencyQuantile() },
      sessionWaitMs: () => 0,
      caughtUp: () => Promise.resolve(),
      chosen: ({ member, as }) => void this.told.push(`${member.name} as ${as}`),
      succeeded: (member) => void this.told.push(`answered by ${member.name}`),
      ended: () => void this.told.push('ended'),
      shed: (refusal) => void this.told.push(`shed: ${refusal.code}`),
      hedged: (member) => void this.told.push(`hedged on ${member.name}`),
      lost: (member) => {
        if (this.closed) throw this.closed;
        this.told.push(`lost ${member.name}`);
      },
      refused: (statement) => void this.refusals.push(String(statement.text)),
    };
    const router = new Router(this, roundRobin());
  }

  member(name: string): FakeMember {
    const member = [this.writer, ...this.readers].find((other) => other.name === name);
    if (!member) throw new Error(`no member ${name}`);
    return member;
  }

  /** A read under way, and how it ended. */
  read(asked: Partial<Policy> = {}, proven = true): FakeRead {
    return new FakeRead(this.context, policy(asked), proven);
  }

  /** So many reads of so many milliseconds each, so that it is known what is slow. */
  async seen(reads: number, latencyMs: number): Promise<void> {
    for (let turn = 0; turn < reads; turn += 1) {
      this.read({ hedge: true });
      await this.clock.advance(latencyMs);
      for (const { works } of this.readers) for (const work of works.splice(0)) work.answer([]);
    }
    this.told.length = 0;
  }
}

export class FakeRead {
  rows: readonly object[] | undefined;
  error: unknown;
  settled = false;

  constructor(context: ReadContext, asked: Policy, proven: boolean) {
    const statement = { text: 'select 1' };
    new ReadRun(
      context,
      statement,
      asked,
      proven,
      undefined,
      ({ rows }) => this.settle(() => (this.rows = rows)),
      (error) => this.settle(() => (this.error = error)),
    ).start();
  }

  private settle(keep: () => void): void {
    if (this.settled) throw new Error('settled twice');
    this.settled = true;
    keep();
  }
}

export const LOST = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
export const BUSY = new Error('timeout exceeded when trying to connect');

/** As the server says it. */
export function sqlError(code: string): Error {
  return Object.assign(new Error(`as the server says ${code}`), { code, severity: 'ERROR' });
}
