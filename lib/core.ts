import type { QueryConfig, QueryResult } from 'pg';
import { checkReadOptions } from './check-options';
import type { Clock } from './clock';
import type { FleetContract } from './contract';
import { ReadfleetError } from './errors';
import { Executor } from './execution/executor';
import type { ReaderLease } from './execution/lease-reader';
import { refuse } from './execution/refuse';
import { textOf } from './execution/statement-text';
import { transact } from './execution/transact';
import type { Transaction, TransactionOptions } from './execution/transaction';
import { runWrite, wasRefused, writerRefusal } from './execution/write';
import { CatalogueKeeper, type Classifier, type Intent } from './intent';
import type { Members } from './members/members';
import { Succession } from './members/succession';
import type { ReadOptions, Settings } from './options';
import { Flags } from './policy/flags';
import type { Policy } from './policy/policy';
import { PolicyResolver } from './policy/resolver';
import { type Sessions, sessionApi } from './session/sessions';
import { channels } from './telemetry/channels';
import { Events } from './telemetry/events';
import { Teller } from './telemetry/teller';
import { applyContract } from './topology/apply-contract';
import { type ContractSource, ContractWatch } from './topology/contract-source';

/** What a fleet is made of, and the way of a statement through it. `Fleet` and the pools are its faces. */
export class Core {
  readonly clock: Clock;
  readonly events: Events;
  readonly flags: Flags;
  readonly sessions: Sessions;
  readonly executor: Executor;
  readonly teller: Teller;
  /** Told when members came or went. */
  onMembers: () => void = () => undefined;
  private contractWatch: ContractWatch | undefined;
  readonly policies: PolicyResolver;
  readonly keeper: CatalogueKeeper;
  private closing: Promise<void> | undefined;

  constructor(
    public contract: FleetContract,
    readonly members: Members,
    readonly classifier: Classifier,
    private readonly settings: Settings,
  ) {
    const { clock } = settings;
    const name = { fleet: contract.fleet, environment: contract.environment };
    this.clock = clock;
    this.events = new Events(name);
    this.flags = new Flags(flagsOf(settings), () =>
      this.events.tell('flags', { allOff: this.flags.allOff, endpoints: this.flags.list() }),
    );
    this.policies = new PolicyResolver(settings, this.flags);
    this.sessions = sessionApi({ position: () => members.position(), clock }, `${name.fleet}/${name.environment}`);
    this.teller = new Teller(name, clock);
    this.executor = new Executor(members, settings, this.teller, {
      fallback: (policy) => this.tellFallback(policy),
      shed: (refusal, { endpoint, priority }) =>
        this.events.tell('shed', { endpoint, priority, reason: refusal.message }),
      hedged: (member) => this.events.tell('hedge', { member: member.name }),
      refused: (statement, error) => this.learn(textOf(statement.text), error),
      assertOpen: () => this.assertOpen(),
    });
    this.keeper = new CatalogueKeeper(
      (sql) => members.writer.run({ text: sql }, true),
      (catalogue) => classifier.use(catalogue),
      { clock, onError: (error) => this.events.tell('trouble', { what: 'the catalogue of functions', error }) },
    );
    const succession = new Succession(members, settings.failover.silenceMs, clock, {
      adopted: (from, to, reason) => {
        this.keeper.changed();
        this.events.tell('failover', { from, to, reason });
      },
      undecided: (reason) => this.events.tell('leaderless', { reason }),
    });
    members.listener = {
      state: (member, from, to) => {
        this.events.tell('state', { member: member.name, from, to });
        if (member === members.writer && to.kind === 'serving') this.keeper.changed();
      },
      changed: () => this.onMembers(),
      breaker: (member, from, to) => this.events.tell('breaker', { member: member.name, from, to }),
      seen: (member) => {
        succession.seen(member);
        this.executor.look();
      },
    };
  }

  /** Reads the catalogue; without one, functions that PostgreSQL does not bring along count as unknown, and what calls them goes to the primary. */
  async start(): Promise<void> {
    if (this.members.primary.reachable) await this.keeper.load();
  }

  /** Not `async`, nor is what it calls: this is the path of every statement, and each promise more would be felt. */
  query(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult> {
    try {
      this.assertOpen();
      if (this.flags.allOff) return this.runOff(text, values);
      const calledAt = this.teller.calledAt();
      const intent = this.classifier.classify(textOf(text));
      if (intent.target === 'primary') return this.runWrite(text, values, intent, read, calledAt);
      const policy = this.policies.resolve(read, this.sessions.current());
      return this.executor.read({ text, values }, policy, true, calledAt);
    } catch (error) {
      return refuse(error);
    }
  }

  read(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult> {
    try {
      this.assertOpen();
      const calledAt = this.teller.calledAt();
      const proven = this.classifier.classify(textOf(text)).target === 'replica';
      const policy = this.policies.resolve(read, this.sessions.current());
      return this.executor.read({ text, values }, policy, proven, calledAt);
    } catch (error) {
      return refuse(error);
    }
  }

  write(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> {
    try {
      this.assertOpen();
      if (this.flags.allOff) return this.runOff(text, values);
      const calledAt = this.teller.calledAt();
      return this.runWrite(text, values, this.classifier.classify(textOf(text)), undefined, calledAt);
    } catch (error) {
      return refuse(error);
    }
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions & ReadOptions,
  ): Promise<T> {
    return transact(this, work, options);
  }

  /** Takes what the source says from now on. */
  watchContract(source: ContractSource, refreshMs: number): void {
    this.contractWatch = new ContractWatch(source, {
      // A file is told of by its folder; how often it is looked at beside that is the watch's own affair.
      ...(typeof source === 'function' && { refreshMs }),
      current: this.contract,
      onContract: (contract) => this.take(contract),
      onError: (error) => this.events.tell('trouble', { what: 'the fleet contract', error }),
    });
    this.contractWatch.start();
  }

  async reload(): Promise<void> {
    this.assertOpen();
    await this.contractWatch?.check();
  }

  /** Takes what a new contract says. */
  async take(contract: FleetContract): Promise<void> {
    // Behind a proxy, members are the proxy's own affair.
    if (this.settings.via === 'proxy') return;
    const { added, removed } = await applyContract(this.contract, contract, this.members, this.settings.closeTimeoutMs);
    this.contract = contract;
    this.events.tell('contract', { added, removed });
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.contractWatch?.stop();
    this.keeper.stop();
    this.executor.bulkhead.close();
    try {
      await this.members.close(this.settings.closeTimeoutMs);
    } finally {
      this.events.tell('closed', {});
      // Listeners are told on the next tick: they are done when this resolves.
      await new Promise<void>((resolve) => process.nextTick(resolve));
    }
  }

  /** A connection of the primary, with a transaction on it if told to. @throws ReadfleetError `READFLEET_NO_WRITER` */
  async leaseWriter(begin: string | undefined): Promise<ReaderLease> {
    const { writer } = this.members;
    const refusal = writerRefusal(writer);
    if (refusal) return refuse(refusal);
    try {
      return { member: writer, lease: await writer.lease(begin, false) };
    } catch (error) {
      this.members.failed(writer, error as Error);
      throw error;
    }
  }

  private runWrite(
    text: string | QueryConfig,
    values: unknown[] | undefined,
    intent: Intent,
    limits: ReadOptions | undefined,
    calledAt: number | undefined,
  ): Promise<QueryResult> {
    if (limits !== undefined) checkReadOptions(limits);
    const { writer } = this.members;
    const session = this.sessions.current();
    const endpoint = limits?.endpoint;
    if (channels.decision.hasSubscribers)
      this.teller.onPrimary('write', writer.name, intent.reason, endpoint, calledAt);
    return runWrite(writer, { text, values }, limits).then(
      (result) => {
        writer.counters.writes += 1;
        session?.wrote(this.clock.now());
        if (intent.ddl) this.keeper.changed();
        if (channels.outcome.hasSubscribers)
          this.teller.outcome({ endpoint, kind: 'write', member: writer.name, error: undefined }, calledAt);
        return result;
      },
      (error) => {
        // What was lost on the way may have been done; of what was not sent, no replica is to be held to it.
        if (!wasRefused(error)) {
          writer.counters.writes += 1;
          session?.wrote(this.clock.now());
        }
        this.members.failed(writer, error as Error);
        if (channels.outcome.hasSubscribers)
          this.teller.outcome({ endpoint, kind: 'write', member: undefined, error }, calledAt);
        throw error;
      },
    );
  }

  /** As `pg.Pool` does it; only a session that outlives the switch hears of it. */
  private runOff(text: string | QueryConfig, values: unknown[] | undefined): Promise<QueryResult> {
    const answer = this.members.writer.pool.query(text as string, values as unknown[]);
    const session = this.sessions.current();
    return session ? answer.finally(() => session.wrote(this.clock.now())) : answer;
  }

  private learn(text: string, error: Error): void {
    this.classifier.learn(text, `a standby refused it: ${error.message}`);
    this.events.tell('learned', { text, reason: error.message });
  }

  private tellFallback(policy: Policy): void {
    if (!this.events.heard('fallback')) return;
    this.events.tell('fallback', {
      endpoint: policy.endpoint,
      passedOver: this.executor.router.passedOver(policy, this.clock.now()),
    });
  }

  /** As {@link assertOpen}, for what asks no server before it: {@link refuse}. */
  async whenOpen(): Promise<void> {
    try {
      this.assertOpen();
    } catch (error) {
      await refuse(error);
    }
  }

  /** @throws ReadfleetError `READFLEET_CLOSED` */
  assertOpen(): void {
    if (this.closing)
      throw new ReadfleetError(
        'READFLEET_CLOSED',
        `fleet ${this.contract.fleet}/${this.contract.environment} is closed: close() was called.`,
      );
  }
}

function flagsOf({ endpoints }: Settings) {
  return Object.fromEntries(
    Object.entries(endpoints).map(([endpoint, { enabled, rollout }]) => [
      endpoint,
      { ...(enabled !== undefined && { enabled }), ...(rollout !== undefined && { rollout }) },
    ]),
  );
}
