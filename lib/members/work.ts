import type { PoolClient, QueryResult } from 'pg';
import { isLoginRefused } from '../execution/failure';
import type { Waiting } from '../protection/waiting-line';
import type { Member, Statement } from './member';
import { sever } from './sever';
import { isPromoted, promotedError } from './standby-client';

/** Told once how a statement ended. Of one that keeps its connection, the work itself is the lease. */
export type Answered = (error: Error | undefined, result: QueryResult | undefined, work: Work) => void;

/**
 * One statement on its way on one member: waits for a connection, runs, ends. One object a statement, and callbacks: this is the path of all.
 *
 * A work that keeps its connection (`keeps`) is the caller's until it is released: a transaction, or a client that was checked out.
 */
export class Work implements Waiting<Work> {
  before: Work | undefined;
  after: Work | undefined;
  client: PoolClient | undefined;
  /** Left when the connection is given back. */
  onRelease: { leave(): void } | undefined;
  private done: ((reason?: Error | boolean) => void) | undefined;
  private settled = false;
  private cancelling = false;
  private answeredAfterCancel = false;
  /** Monotonic milliseconds. */
  readonly beganAt: number;
  private readonly ticket: number;

  /** @param movable whether {@link Member.abandon} may cut it off, since it can be run again on another member */
  constructor(
    private readonly member: Member,
    private readonly statement: Statement | undefined,
    private readonly movable: boolean,
    private readonly keeps: boolean,
    private readonly answered: Answered,
  ) {
    this.beganAt = member.clock.now();
    this.ticket = member.breaker.begin(this.beganAt);
    member.load.begin(this.beganAt);
    if (movable) member.began(this);
    // Callbacks in place: one object and two of them is all that a statement costs here.
    member.pool.connect((error, client, done) => this.onFirstClient(error, client, done));
  }

  /** Whether it has no connection yet, and waits for one. */
  get waits(): boolean {
    return this.client === undefined && !this.settled;
  }

  /** Gives the connection back; with an error that it did not survive, closes it. */
  release(failure?: Error): void {
    if (this.done) this.giveBack(failure && !survives(failure) ? failure : undefined);
  }

  /** The connection as a client of `pg`'s pool, which gives it back by `client.release()`. */
  asClient(): PoolClient {
    const client = this.client as PoolClient;
    const { release } = client;
    client.release = (reason) => {
      // A second time, for the pool's own complaint.
      if (this.done) this.giveBack(reason);
      else release(reason);
    };
    return client;
  }

  private giveBack(reason: Error | boolean | undefined): void {
    const done = this.done as (reason?: Error | boolean) => void;
    this.done = undefined;
    this.onRelease?.leave();
    if (this.movable) this.member.underWay.remove(this);
    if (this.keeps) this.member.load.release();
    this.member.leases -= 1;
    done(reason);
    this.member.lookWhetherQuiet();
  }

  /** Whether the server of a replica has become a primary: its answers are not to be used. */
  get isPromoted(): boolean {
    return this.member.role === 'replica' && this.client !== undefined && isPromoted(this.client);
  }

  /** The member will not answer: rejects at once and closes the connection, also one that the caller keeps. */
  cutOff(error: Error): void {
    if (this.settled) {
      // A transaction in the hands of the caller: its next statement, or the one under way, fails.
      if (this.client && this.done) sever(this.client);
      return;
    }
    this.fail(error);
  }

  /**
   * Nobody waits for the answer any more: the caller gave up, or another member was faster. What runs is cancelled on its server, and the connection
   * is kept if it survives that; nobody is told, and nothing is held against the member.
   *
   * @returns whether there was anything to cancel
   */
  cancel(): boolean {
    if (this.settled) return false;
    this.settled = true;
    const { member, client } = this;
    member.load.end();
    member.breaker.abandoned(member.clock.now(), this.ticket);
    if (!client) {
      if (this.movable) member.underWay.remove(this);
      member.lookWhetherQuiet();
      return true;
    }
    this.cancelling = true;
    member.cancelOnServer(client).then(
      () => this.giveBackCancelled(),
      (error: Error) => this.release(error),
    );
    return true;
  }

  /** The connection is free when the server has both taken the request and ended the statement. */
  private giveBackCancelled(): void {
    if (this.answeredAfterCancel) this.release();
    else this.answeredAfterCancel = true;
  }

  /** Nothing was sent when a login is refused: once more, with what is made of the password by then, should the secret be another now. */
  private onFirstClient(
    error: Error | undefined,
    client: PoolClient | undefined,
    done: (error?: Error | boolean) => void,
  ): void {
    if (!this.settled && isLoginRefused(error) && this.member.makesPasswords) {
      this.member.pool.connect((again, other, otherDone) => this.onClient(again, other, otherDone));
    } else this.onClient(error, client, done);
  }

  private onClient(
    error: Error | undefined,
    client: PoolClient | undefined,
    done: (error?: Error | boolean) => void,
  ): void {
    // Cut off while it waited for a connection: the connection itself is sound.
    if (this.settled) {
      if (client) done();
    } else if (error || !client) this.fail(error ?? new Error('Connection terminated'));
    else {
      this.client = client;
      this.done = done;
      this.member.leases += 1;
      this.send(client);
    }
  }

  private send(client: PoolClient): void {
    const { statement } = this;
    if (statement === undefined) {
      this.succeed(undefined);
      return;
    }
    try {
      client.query(statement.text as string, statement.values as unknown[], (error: Error, result) =>
        this.onAnswer(error, result),
      );
    } catch (thrown) {
      this.fail(thrown as Error);
    }
  }

  private onAnswer(error: Error | undefined, result?: QueryResult): void {
    if (this.cancelling) {
      if (error && !survives(error)) this.release(error);
      else this.giveBackCancelled();
    } else if (this.settled) return;
    else if (error) this.fail(error);
    else if (this.isPromoted) this.fail(promotedError(this.member.name));
    else this.succeed(result);
  }

  private succeed(result: QueryResult | undefined): void {
    const { member } = this;
    this.settled = true;
    member.load.end();
    member.succeeded(this.beganAt, this.ticket);
    if (this.keeps) member.load.hold();
    else this.release();
    this.answered(undefined, result, this);
  }

  private fail(error: Error): void {
    const { member } = this;
    this.settled = true;
    member.load.end();
    member.judged(error, this.beganAt, this.ticket);
    if (this.done) {
      if (this.keeps) member.load.hold();
      this.release(error);
    } else {
      if (this.movable) member.underWay.remove(this);
      member.lookWhetherQuiet();
    }
    this.answered(error, undefined, this);
  }
}

/** Whether the connection is as good as before: one that is released with an error is closed. */
export function survives(error: Error): boolean {
  return (error as { severity?: string }).severity === 'ERROR';
}
