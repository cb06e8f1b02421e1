import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { FleetContract } from './contract';
import { Core } from './core';
import type { Transaction, TransactionOptions } from './execution/transaction';
import { FleetPool } from './facade';
import type { Classifier } from './intent';
import type { Members } from './members/members';
import type { ReadOptions, Settings } from './options';
import type { Flags } from './policy/flags';
import { PoolHost } from './pool-host';
import { type BreakerControl, breakerControl } from './protection/control';
import { Replicas } from './replicas';
import type { SessionApi } from './session/sessions';
import type { FleetEvents, FleetStatus } from './status';
import { statusOfFleet, statusOfMember } from './status-of';

/**
 * A primary and its replicas, as one thing to ask. Made by {@link connect}.
 *
 * Statement → intent → policy → candidates → choice → execution: each read may go to any replica that is provably fresh enough, falls back to
 * another replica when the first does not answer, and to the primary when none is left.
 */
export class Fleet {
  /** Routes each statement by what it is. Behaves as `pg.Pool`. */
  readonly pool: FleetPool;
  /** Every statement is a read. */
  readonly readPool: FleetPool;
  /** Every statement goes to the primary. */
  readonly writePool: FleetPool;
  /** Adds, drains and removes replicas while the fleet is read. */
  readonly replicas: Replicas;
  /** Switches that send the reads of one endpoint, of a share of its keys, or of all, to the primary. */
  readonly flags: Flags;
  /** Read your writes: `session(work)`, `session.token()`, `session.resume(token, work)`. */
  readonly session: SessionApi;

  private readonly core: Core;

  /** @internal use {@link connect} */
  constructor(contract: FleetContract, members: Members, classifier: Classifier, settings: Settings) {
    const core = new Core(contract, members, classifier, settings);
    this.core = core;
    this.flags = core.flags;
    this.session = core.sessions;
    this.replicas = new Replicas(members, settings.closeTimeoutMs, () => core.whenOpen(), statusOfMember);
    const host = new PoolHost(core);
    this.pool = new FleetPool(host, 'auto');
    this.readPool = new FleetPool(host, 'read');
    this.writePool = new FleetPool(host, 'write');
    core.onMembers = () => {
      for (const pool of [this.pool, this.readPool, this.writePool]) pool.poolsChanged();
    };
  }

  /** What the fleet was connected with, or what was loaded since. */
  get contract(): FleetContract {
    return this.core.contract;
  }

  /**
   * Runs a statement where it belongs: proven reads on a replica, all else on the primary.
   *
   * @throws ReadfleetError `READFLEET_NO_MEMBER`, `READFLEET_SHED` when nobody could serve a read; `READFLEET_NO_WRITER` when a write could not be sent;
   *   `READFLEET_TIMEOUT`
   * @throws what PostgreSQL says, as `pg` made it
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
    read?: ReadOptions,
  ): Promise<QueryResult<Row>> {
    return this.core.query(text, values, read) as Promise<QueryResult<Row>>;
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
    return this.core.read(text, values, read) as Promise<QueryResult<Row>>;
  }

  /** Runs a statement on the primary. It is never run twice. */
  write<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    return this.core.write(text, values) as Promise<QueryResult<Row>>;
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
   * Commits when `work` resolves, rolls back when it rejects. `timeoutMs` and `signal` hold for all of it: then its connection is closed.
   */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions & ReadOptions = {},
  ): Promise<T> {
    return this.core.transaction(work, options);
  }

  /** The breaker of a member, for people. @throws ReadfleetError `READFLEET_NO_SUCH_MEMBER` */
  breaker(name: string): BreakerControl {
    return breakerControl(this.core.members, name);
  }

  /** Loads the contract again, where it came from a file or a function, and takes what is new. */
  reload(): Promise<void> {
    return this.core.reload();
  }

  /** What every member is and does, as of now. Costs no question to a server. */
  status(): FleetStatus {
    return statusOfFleet(this.core);
  }

  on<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): this {
    this.core.events.on(event, listener);
    return this;
  }

  off<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): this {
    this.core.events.off(event, listener);
    return this;
  }

  /**
   * Lets statements under way end, closes every connection and stops every timer. May be called again.
   *
   * What has not ended after `closeTimeoutMs` is cut off.
   */
  close(): Promise<void> {
    return this.core.close();
  }

  /** As {@link close}, for `await using fleet = await connect(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  get internals(): Core {
    return this.core;
  }
}

const CRITICAL: ReadOptions = Object.freeze({ consistency: 'strong' });
