import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import type { Clock, Timer } from '../clock';
import type { ContractMember } from '../contract';
import { classifyFailure } from '../execution/failure';
import { Breaker, type BreakerOptions, type BreakerState } from '../protection/breaker';
import { WaitingLine } from '../protection/waiting-line';
import { Load } from '../routing/load';
import { channels, type StatementEnd } from '../telemetry/channels';
import { cancelStatement } from './cancel';
import { sever } from './sever';
import type { Facts, MemberState } from './state';
import { type Answered, Work } from './work';

/** A statement as `pg` takes it. */
export interface Statement {
  readonly text: string | QueryConfig;
  readonly values?: unknown[] | undefined;
}

/** What a fleet uses a server as. A replica that takes the primary's place becomes `primary`; the former one stays `primary`, and is `fenced`. */
export type Role = 'primary' | 'replica';

/** What a member has done since the fleet was connected. */
export interface Counters {
  reads: number;
  writes: number;
  /** Statements that ended in an error of the member or the way to it, not in one of their own. */
  errors: number;
}

/** A connection that stays checked out. */
export type Lease = Work & { readonly client: PoolClient };

export interface MemberOptions {
  /** Milliseconds that a statement may wait for a connection, where the pool itself has no such time. */
  readonly waitMs?: number | undefined;
  readonly config: PoolConfig;
  readonly breaker: Required<BreakerOptions>;
  readonly clock: Clock;
  /** Under which its statements are told. */
  readonly fleet: { readonly fleet: string; readonly environment: string };
  /** Told when an idle connection broke: often the first sign that a server went. */
  readonly onLost: (member: Member, error: Error) => void;
  readonly onBreaker: (member: Member, from: BreakerState, to: BreakerState) => void;
}

/** How long a server may take to take a request to cancel. */
const CANCEL_TIMEOUT_MS = 2_000;

/** One PostgreSQL server in one role: its pool, what is known of it, what it has done. */
export class Member {
  readonly name: string;
  readonly pool: Pool;
  readonly counters: Counters = { reads: 0, writes: 0, errors: 0 };
  readonly load = new Load();
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly underWay = new WaitingLine<Work>();
  facts: Facts = {};
  state: MemberState = { kind: 'joining' };
  /** Changes each time that the member was lost: what it showed before need not be there after a crash. */
  incarnation = 0;
  /** Share of reads as of now: less than configured while it starts slowly. */
  weight: number;
  /** Monotonic milliseconds since when it serves; undefined while it does not. */
  servingSince: number | undefined;
  /** Monotonic milliseconds since when it gives no answer. */
  silentSince: number | undefined;
  private readonly clients = new Set<PoolClient>();
  private readonly config: PoolConfig;
  private readonly waitMs: number | undefined;
  private readonly fleet: MemberOptions['fleet'];
  private lookingForLate: Timer | undefined;
  private ended: Promise<void> | undefined;
  /** @internal connections that are checked out */
  leases = 0;
  private idleListeners: (() => void)[] = [];
  private readonly emptyListeners: (() => void)[] = [];

  constructor(
    public address: ContractMember,
    readonly role: Role,
    options: MemberOptions,
  ) {
    const { config, breaker, clock, fleet, onLost, onBreaker, waitMs } = options;
    this.waitMs = waitMs;
    this.fleet = fleet;
    this.name = address.name;
    this.weight = address.weight ?? 1;
    this.clock = clock;
    this.config = config;
    this.breaker = new Breaker(breaker, (from, to) => onBreaker(this, from, to));
    this.pool = new Pool(config);
    this.pool.on('error', (error) => onLost(this, error));
    // `pg` listens only to idle clients. One that breaks while it is checked out would end the process; its statement fails all the same.
    this.pool.on('connect', (client) => {
      client.on('error', ignore);
      this.clients.add(client);
      client.once('end', () => this.gone(client));
    });
    this.pool.on('remove', (client) => this.gone(client));
  }

  get zone(): string | undefined {
    return this.address.zone;
  }

  /** Whether its breaker lets a statement through. A primary is asked whatever fails, since nobody else could be; unless a person said no. */
  allows(now: number): boolean {
    return this.role === 'primary' ? !this.forcedOpen : this.breaker.allows(now);
  }

  /** Whether the next connection may have another password than the last. */
  get makesPasswords(): boolean {
    return typeof this.config.password === 'function';
  }

  get forcedOpen(): boolean {
    return this.breaker.forced === 'open';
  }

  /**
   * Runs one statement on a connection of the pool.
   *
   * @param movable whether {@link abandon} may cut it off, since it can be run again on another member
   */
  start(statement: Statement, movable: boolean, answered: Answered): Work {
    return new Work(this, statement, movable, false, answered);
  }

  run(statement: Statement, movable: boolean): Promise<QueryResult> {
    return new Promise((resolve, reject) =>
      this.start(statement, movable, (error, result) => (error ? reject(error) : resolve(result as QueryResult))),
    );
  }

  /**
   * Keeps a connection, and opens a transaction on it if told to.
   *
   * @param begin   the statement that opens it
   * @param movable whether {@link abandon} may close the connection under it, at any time until it is released
   */
  lease(begin: string | undefined, movable: boolean): Promise<Lease> {
    const statement = begin === undefined ? undefined : { text: begin };
    return new Promise((resolve, reject) => {
      new Work(this, statement, movable, true, (error, _, work) => (error ? reject(error) : resolve(work as Lease)));
    });
  }

  /** Cuts off everything that need not end here: this member will not answer it. */
  abandon(reason: string): void {
    const works: Work[] = [];
    for (let work = this.underWay.first; work; work = work.after) works.push(work);
    for (const work of works) work.cutOff(new Error(`Connection terminated: ${reason}`));
  }

  /**
   * It is the primary no more. What runs here ends: whether it was done is not known. What waits for a connection gets none, also when the server
   * comes back before that is noticed.
   */
  fence(refusal: Error): void {
    this.abandon(refusal.message);
    this.pool.options.verify = (_, done) => done(refusal);
    for (const client of this.clients) sever(client);
  }

  cancelOnServer(client: PoolClient): Promise<void> {
    return cancelStatement(client, this.config, CANCEL_TIMEOUT_MS, this.clock);
  }

  /** Resolves when nothing is under way: no statement, no transaction, no client that was checked out. */
  quiet(): Promise<void> {
    if (this.leases === 0 && this.load.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleListeners.push(resolve));
  }

  /**
   * Resolves when nothing is under way, or the time is over.
   *
   * @returns whether nothing is
   */
  quietWithin(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.clock.after(timeoutMs, () => resolve(false));
      void this.quiet().then(() => {
        timer.cancel();
        resolve(true);
      });
    });
  }

  /**
   * Lets what is under way end, within the time, and ends the pool: not before, since a pool that ends forgets whoever waits for a connection.
   * What is left after the time is cut: a frozen server answers no goodbye, and its open socket would keep the process alive.
   */
  async close(timeoutMs: number): Promise<void> {
    const end = this.clock.now() + timeoutMs;
    await this.quietWithin(timeoutMs);
    this.lookingForLate?.cancel();
    this.abandon('the member was closed');
    // A member may leave its fleet, and the fleet be closed meanwhile.
    this.ended ??= this.pool.end();
    await new Promise<void>((resolve, reject) => {
      // For a client that the app never gives back the pool waits for ever; that its connection is gone is enough.
      const timer = this.clock.after(Math.max(0, end - this.clock.now()), () => {
        for (const client of this.clients) sever(client);
        void this.noClientLeft().then(resolve);
      });
      // The pool does not wait for the goodbyes of idle connections.
      this.ended
        ?.then(() => this.noClientLeft())
        .finally(() => timer.cancel())
        .then(resolve, reject);
    });
  }

  /** @internal A statement began: one timer for all that wait for a connection. */
  began(work: Work): void {
    this.underWay.add(work);
    if (this.lookingForLate === undefined && this.waitMs !== undefined) this.lookForLateIn(this.waitMs);
  }

  private lookForLateIn(delayMs: number): void {
    this.lookingForLate = this.clock.after(delayMs, () => this.endLate(this.waitMs as number));
  }

  private endLate(waitMs: number): void {
    this.lookingForLate = undefined;
    const now = this.clock.now();
    const late: Work[] = [];
    let next: Work | undefined;
    for (let work = this.underWay.first; work; work = work.after) {
      if (!work.waits) continue;
      if (work.beganAt + waitMs <= now) late.push(work);
      else next ??= work;
    }
    if (next) this.lookForLateIn(next.beganAt + waitMs - now);
    // In the words of the pool, for which it stands in.
    for (const work of late) work.cutOff(new Error('timeout exceeded when trying to connect'));
  }

  /** @internal */
  lookWhetherQuiet(): void {
    if (this.idleListeners.length === 0 || this.leases > 0 || this.load.inFlight > 0) return;
    const listeners = this.idleListeners;
    this.idleListeners = [];
    for (const tell of listeners) tell();
  }

  /** @internal A statement was answered, be it with an error of its own. */
  succeeded(beganAt: number, ticket: number): void {
    const now = this.clock.now();
    this.breaker.succeeded(now, ticket);
    this.load.observe(now - beganAt, now);
    if (channels.statement.hasSubscribers) this.tell(now - beganAt, false);
  }

  /** @internal What a statement's error says of this member. */
  judged(error: Error, beganAt: number, ticket: number): void {
    const failure = classifyFailure(error, this.role === 'replica');
    if (failure !== 'lost' && failure !== 'busy') {
      this.succeeded(beganAt, ticket);
      return;
    }
    const now = this.clock.now();
    if (channels.statement.hasSubscribers) this.tell(now - beganAt, true);
    // What dies with a server that is known to be gone is one failure, not as many as were under way.
    if (failure === 'lost' && this.facts.failure === undefined) this.breaker.failed(now, ticket);
    else this.breaker.abandoned(now, ticket);
    this.load.failed(now);
  }

  private tell(ms: number, failed: boolean): void {
    const { fleet, environment } = this.fleet;
    const end: StatementEnd = { fleet, environment, member: this.name, role: this.role, ms, failed };
    channels.statement.publish(end);
  }

  private gone(client: PoolClient): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    for (const tell of this.emptyListeners.splice(0)) tell();
  }

  private noClientLeft(): Promise<void> {
    if (this.clients.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.emptyListeners.push(resolve));
  }
}

function ignore(): void {
  // The statement that was under way fails with the same error, and the pool drops the client.
}
