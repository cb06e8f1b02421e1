import { EventEmitter } from 'node:events';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { FleetContract } from './contract';
import { ReadfleetError } from './errors';
import { runRead } from './execution/read';
import { fitsReplica, runTransaction, type Transaction, type TransactionOptions } from './execution/transaction';
import { FleetPool } from './facade';
import { type Classifier, readFunctionCatalogue } from './intent';
import type { Member, Statement } from './members/member';
import type { Members } from './members/members';
import { checkReadOptions, type ReadOptions, type Settings } from './options';
import { type Balancer, roundRobin } from './routing/balancer';
import { type Plan, planRead } from './routing/plan';
import type { FleetEvents, FleetStatus } from './status';

const NO_OPTIONS: ReadOptions = Object.freeze({});

/**
 * A primary and its replicas, as one thing to ask. Made by {@link connect}.
 *
 * Statement → intent → policy → candidates → choice → execution: each read may go to any replica that is provably fresh enough, falls back to
 * another replica when the first does not answer, and to the primary when none is left.
 */
export class Fleet {
  /** Routes each statement by what it is. Behaves as `pg.Pool`; a client that is checked out of it is the primary's. */
  readonly pool: FleetPool;
  /** Every statement is a read. */
  readonly readPool: FleetPool;
  /** Every statement goes to the primary. */
  readonly writePool: FleetPool;

  private readonly events = new EventEmitter<FleetEvents>();
  private readonly balancer: Balancer = roundRobin();
  private closing: Promise<void> | undefined;
  private catalogueLoaded = false;

  /** @internal use {@link connect} */
  constructor(
    readonly contract: FleetContract,
    private readonly members: Members,
    private readonly classifier: Classifier,
    private readonly settings: Settings,
  ) {
    this.pool = new FleetPool(this, members, 'auto');
    this.readPool = new FleetPool(this, members, 'read');
    this.writePool = new FleetPool(this, members, 'write');
    members.onChange = (member, from, to) => {
      this.tell('state', { member: member.name, from, to });
      if (member === members.writer && to.kind === 'serving') void this.loadCatalogue();
    };
  }

  /**
   * Runs a statement where it belongs: proven reads on a replica, all else on the primary.
   *
   * @throws ReadfleetError `READFLEET_NO_MEMBER` when nobody could serve a read
   * @throws what PostgreSQL says, as `pg` made it
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
    read?: ReadOptions,
  ): Promise<QueryResult<Row>> {
    return this.route(text, values, read, false);
  }

  /**
   * Runs a statement that the caller knows to be a read, whatever readfleet thinks of it.
   *
   * Where it must run on the primary and is not proven to be a read, it runs in a read-only transaction.
   */
  read<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
    read?: ReadOptions,
  ): Promise<QueryResult<Row>> {
    return this.route(text, values, read, true);
  }

  /** Runs a statement on the primary. It is never run twice. */
  async write<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    this.assertOpen();
    textOf(text);
    const { writer } = this.members;
    writer.counters.writes += 1;
    try {
      return (await writer.run({ text, values }, false)) as QueryResult<Row>;
    } catch (error) {
      this.members.failed(writer, error as Error);
      throw error;
    }
  }

  /** A read that must see the latest: runs on the primary. */
  criticalRead<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    return this.read<Row>(text, values, CRITICAL);
  }

  /**
   * Runs `work` in a transaction: on the primary, or, when it is read-only, on a replica.
   *
   * Commits when `work` resolves, rolls back when it rejects.
   */
  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions & ReadOptions = {},
  ): Promise<T> {
    this.assertOpen();
    const { readOnly: _, isolation: __, ...read } = options;
    const plan: Plan<Member> = fitsReplica(options)
      ? this.plan(read)
      : { members: [this.members.writer], passedOver: [] };
    return runTransaction(work, options, plan, (member, error) => this.members.lost(member, error));
  }

  /** What every member is and does, as of now. Costs no question to a server. */
  status(): FleetStatus {
    return { fleet: this.contract.fleet, environment: this.contract.environment, members: this.members.status() };
  }

  on<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): this {
    this.events.on(event, listener as never);
    return this;
  }

  off<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): this {
    this.events.off(event, listener as never);
    return this;
  }

  /**
   * Lets statements under way end, closes every connection and stops every timer. May be called again.
   *
   * What has not ended after `closeTimeoutMs` is cut off.
   */
  close(): Promise<void> {
    this.closing ??= this.members.close(this.settings.closeTimeoutMs);
    return this.closing;
  }

  /** @internal a client of the replica whose turn it is, or of the next member that gives one */
  async checkOutReader(): Promise<PoolClient> {
    this.assertOpen();
    let last: unknown;
    for (const member of this.plan(NO_OPTIONS).members) {
      try {
        return await member.pool.connect();
      } catch (error) {
        last = error;
        this.members.failed(member, error as Error);
      }
    }
    throw last;
  }

  /** @internal */
  async loadCatalogue(): Promise<void> {
    if (this.catalogueLoaded || this.closing || !this.members.primaryView().reachable) return;
    this.catalogueLoaded = true;
    try {
      this.classifier.use(await readFunctionCatalogue((sql) => this.members.writer.run({ text: sql }, true)));
    } catch {
      // Until it can be had, functions that PostgreSQL does not bring along count as unknown, and what calls them goes to the primary.
      this.catalogueLoaded = false;
    }
  }

  /**
   * Not `async`, nor is what calls it: this is the path of every read, and each promise more would be felt.
   *
   * @param called whether the caller calls it a read, whatever it is
   */
  private route<Row extends QueryResultRow>(
    text: string | QueryConfig,
    values: unknown[] | undefined,
    read: ReadOptions | undefined,
    called: boolean,
  ): Promise<QueryResult<Row>> {
    try {
      this.assertOpen();
      const proven = this.classifier.classify(textOf(text)).target === 'replica';
      if (!proven && !called) return this.write<Row>(text, values);
      const plan = this.plan(read ?? NO_OPTIONS);
      const result = runRead({ text, values }, plan, this.members.writer, proven, this.listener);
      return result as Promise<QueryResult<Row>>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private plan(read: ReadOptions): Plan<Member> {
    if (read !== NO_OPTIONS) checkReadOptions(read);
    const { members, settings } = this;
    const bound = {
      maxStalenessMs: read.maxStalenessMs ?? settings.maxStalenessMs,
      explicit: read.maxStalenessMs !== undefined,
    };
    const strong = read.consistency === 'strong';
    const plan = planRead(
      members.readers,
      members.writer,
      { bound, strong },
      members.primaryView(),
      this.balancer,
      settings.clock.now(),
    );
    if (plan.members[0] === members.writer && !strong && members.readers.length > 0)
      this.tell('fallback', { passedOver: plan.passedOver });
    return plan;
  }

  private readonly listener = {
    lost: (member: Member, error: Error) => {
      // What close() cut off is not tried elsewhere.
      this.assertOpen();
      this.members.lost(member, error);
    },
    refused: ({ text }: Statement, error: Error) => {
      this.classifier.learn(textOf(text), `a standby refused it: ${error.message}`);
      this.tell('learned', { text: textOf(text), reason: error.message });
    },
  };

  /** Later, so that a listener that throws is the app's own uncaught error, and breaks no read and no watch. */
  private tell<Event extends keyof FleetEvents>(event: Event, ...args: FleetEvents[Event]): void {
    if (this.events.listenerCount(event) > 0) process.nextTick(() => this.events.emit(event, ...(args as never)));
  }

  private assertOpen(): void {
    if (this.closing)
      throw new ReadfleetError(
        'READFLEET_CLOSED',
        `fleet ${this.contract.fleet}/${this.contract.environment} is closed: close() was called.`,
      );
  }
}

const CRITICAL: ReadOptions = Object.freeze({ consistency: 'strong' });

/** @throws ReadfleetError `READFLEET_STATEMENT_INVALID` where types were not heeded: `pg` would wait for such a statement for ever */
function textOf(statement: string | QueryConfig): string {
  const text = typeof statement === 'string' ? statement : statement?.text;
  if (typeof text === 'string') return text;
  throw new ReadfleetError(
    'READFLEET_STATEMENT_INVALID',
    `a statement is a text, or an object with the property text, got: ${statement === null ? 'null' : typeof statement}.`,
  );
}
