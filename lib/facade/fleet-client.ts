import type { PoolClient, PoolOptions, QueryConfig, QueryResult } from 'pg';
import type { Intent } from '../intent';
import type { ReadOptions } from '../options';
import { Borrowed } from './borrowed';
import { ClientSurface } from './client-surface';
import type { FacadeHost } from './host';
import { handOver, Job, pass, type Tell } from './job';
import { NamedStatements } from './named';
import { CHECKED_OUT, type Manner, type Place } from './place';
import { retrace } from './retrace';
import { isProtocolStatement, type Statement, statementOf } from './statement';

const RELEASED_TWICE = 'Release called on client which has already been released to the pool.';
const CLOSED = 'Client was closed and is not queryable';

/**
 * A client that was checked out of `fleet.pool`. Behaves as the client that `pg.Pool` gives.
 *
 * It is unbound until its session has state: proven reads are routed one by one. A read-only transaction, and the cursor of a proven
 * read, live on one replica until they end. Anything else binds the client to a connection of the primary until it is released.
 */
export class FleetClient extends ClientSurface {
  private readonly waiting: Job[] = [];
  private readonly named = new NamedStatements();
  /** Whether a statement runs that the next one has to wait for. */
  private busy = false;
  private released: { readonly error: Error | boolean | undefined } | undefined;

  /**
   * @param asks   what its reads ask for
   * @param manner what it does with its connections
   */
  constructor(
    private readonly fleet: FacadeHost,
    protected asks?: ReadOptions,
    private readonly manner: Manner = CHECKED_OUT,
  ) {
    super();
  }

  /** A client that has its connection from the beginning. */
  static boundTo(fleet: FacadeHost, client: PoolClient): FleetClient {
    const bound = new FleetClient(fleet);
    bound.borrow(client, 'until release');
    return bound;
  }

  query(config: unknown, values?: unknown, callback?: unknown): unknown {
    const statement = this.named.complete(statementOf(config, values, callback));
    const intent = statement.text === undefined ? undefined : this.fleet.intentOf(statement.text);
    const { borrowed, busy } = this;
    if (borrowed?.stays === 'until release') return pass(statement, intent, borrowed, this.tell);
    const open = !this.closed && !this.released;
    const place = this.placeOf(statement, intent);
    if (open && !busy && !borrowed && !statement.callback && place === 'anywhere') return this.run(statement);

    const job = new Job(statement, intent, place);
    if (!open) process.nextTick(() => job.settle(new Error(CLOSED)));
    else if (busy) this.waiting.push(job);
    else this.start(job);
    return job.answer;
  }

  /** A field, as with `pg`: a function that works without its client. */
  readonly release = (error?: Error | boolean): void => {
    if (this.released) throw new Error(RELEASED_TWICE);
    this.released = { error };
    // As with `pg`, what was asked and not awaited still runs.
    if (this.borrowed) this.letGo(this.borrowed);
  };

  protected get options(): PoolOptions {
    return this.fleet.writerPool.options;
  }

  /** The way of most reads: nothing waits, nothing is bound, and the answer is the fleet's own. */
  private run(statement: Statement): Promise<QueryResult> {
    this.busy = true;
    const answer = this.route(statement);
    answer.then(this.next, this.next);
    return answer.catch(retrace);
  }

  private route(statement: Statement): Promise<QueryResult> {
    const problem = this.named.problem(statement);
    if (problem) return Promise.reject(problem);
    const answer = this.fleet.query(this.routable(statement), statement.values, this.asks);
    if (!this.named.names(statement)) return answer;
    return answer.then((result) => {
      this.named.remember(statement);
      return result;
    });
  }

  /** Without the callback, which is ours to call, and with the type parsers, which no connection of the fleet's has. */
  private routable({ config, callback }: Statement): string | QueryConfig {
    const given = config as string | QueryConfig;
    if (!this.parsers && (!callback || typeof given === 'string')) return given;
    const types = this.parsers?.forStatement;
    if (typeof given === 'string') return types ? { text: given, types } : given;
    return { ...given, types: given.types ?? types, callback: undefined } as QueryConfig;
  }

  private placeOf({ config, text }: Statement, intent: Intent | undefined): Place {
    return this.manner.placeOf(intent, isProtocolStatement(config), text);
  }

  private start(job: Job): void {
    this.busy = true;
    if (this.borrowed?.over) this.giveBack();
    if (this.borrowed) this.ask(this.borrowed, job);
    else if (job.place === 'anywhere') this.settleWith(job, this.route(job.statement));
    else if (job.place === 'reader') this.borrowReader(job);
    else this.borrowWriter(job);
  }

  private readonly next = (): void => {
    this.busy = false;
    if (this.borrowed?.over) this.giveBack();
    const job = this.waiting.shift();
    if (job) job.runInAsyncScope(this.start, this, job);
    else if (!this.borrowed) this.emit('drain');
  };

  private settleWith(job: Job, answer: Promise<QueryResult>): void {
    answer.then(
      (result) => {
        job.settle(null, result);
        this.next();
      },
      (error) => this.failed(job, error),
    );
  }

  private failed(job: Job, error: Error): void {
    job.settle(error);
    this.next();
  }

  private borrowReader(job: Job): void {
    this.fleet.checkOutReader(this.asks).then(
      (client) => {
        const borrowed = this.borrow(client, 'while needed');
        if (job.speaker || job.intent?.session !== 'begin read only') this.ask(borrowed, job);
        else this.begin(borrowed, job);
      },
      (error) => this.failed(job, error),
    );
  }

  private borrowWriter(job: Job): void {
    this.fleet.checkOutWriter().then(
      (client) => this.ask(this.borrow(client, this.manner.onPrimary), job),
      (error) => this.failed(job, error),
    );
  }

  private borrow(client: PoolClient, stays: Borrowed['stays']): Borrowed {
    const onPrimary = !isOfAny(this.fleet, client);
    this.borrowed = new Borrowed(client, onPrimary, stays, this, this.broken);
    this.parsers?.applyTo(client);
    return this.borrowed;
  }

  /** A transaction in which nothing has happened yet: where a replica cannot open it, the primary does. */
  private begin(borrowed: Borrowed, job: Job): void {
    handOver(job, borrowed, this.tell, (error) => {
      const retried = error !== undefined && this.borrowed === borrowed && borrowed.stays === 'while needed';
      if (retried) {
        this.giveBack(error);
        job.runInAsyncScope(this.borrowWriter, this, job);
      } else borrowed.onIdle = this.next;
      return retried;
    });
  }

  private ask(borrowed: Borrowed, job: Job): void {
    const { statement, intent, speaker } = job;
    if (borrowed.broken || this.released) borrowed.stays = 'until release';
    if (borrowed.stays === 'until release') {
      handOver(job, borrowed, this.tell);
      this.handOverAll(borrowed);
      if (this.released) this.giveBack(this.released.error);
      return;
    }
    borrowed.onIdle = this.next;
    const stateful = this.manner.outlives(intent, statement.text);
    if (stateful && speaker) borrowed.stateful = true;
    handOver(job, borrowed, this.tell, (error) => {
      if (stateful && !error) borrowed.stateful = true;
      return false;
    });
  }

  /** From here on `pg` keeps the order. */
  private handOverAll(borrowed: Borrowed): void {
    borrowed.stays = 'until release';
    borrowed.onIdle = undefined;
    this.busy = false;
    for (const job of this.waiting.splice(0)) handOver(job, borrowed, this.tell);
  }

  private readonly broken = (borrowed: Borrowed): void => {
    // Its answer, an error, is all that the job under way gets; those behind it get theirs from the connection, as with `pg`.
    if (borrowed.onIdle) this.handOverAll(borrowed);
  };

  private letGo(borrowed: Borrowed): void {
    this.handOverAll(borrowed);
    this.giveBack(this.released?.error);
  }

  private giveBack(error?: Error | boolean): void {
    const { borrowed } = this;
    this.borrowed = undefined;
    this.parsers?.undoAll();
    borrowed?.giveBack(error);
  }

  private readonly tell: Tell = (intent, { client }) => this.fleet.statementEnded(intent, client);
}

/** Whether the connection leads to a replica: one that was asked for reads may lead to the primary. */
function isOfAny({ readerPools }: FacadeHost, client: PoolClient): boolean {
  return readerPools.some(({ options }) => options.host === client.host && options.port === client.port);
}
