import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import type { Clock } from '../clock';
import type { ContractMember } from '../contract';
import { sever } from './sever';
import type { Facts } from './state';

/** A statement as `pg` takes it. */
export interface Statement {
  readonly text: string | QueryConfig;
  readonly values?: unknown[];
}

export type Role = 'primary' | 'replica';

/** What a member has done since the fleet was connected. */
export interface Counters {
  reads: number;
  writes: number;
  /** Statements that ended in an error of the member or the way to it, not in one of their own. */
  errors: number;
}

/** A connection that stays checked out, with a transaction open on it. */
export interface Lease {
  readonly client: PoolClient;
  /** Gives the connection back; with an error that it did not survive, closes it. */
  release(error?: Error): void;
}

/** One PostgreSQL server: its pool, what is known of it, what it has done. */
export class Member {
  readonly name: string;
  readonly weight: number;
  readonly pool: Pool;
  readonly counters: Counters = { reads: 0, writes: 0, errors: 0 };
  facts: Facts = {};
  private readonly clients = new Set<PoolClient>();
  /** Work under way that need not end here; each is cut off by calling it. */
  private readonly movable = new Set<(error: Error) => void>();

  /** @param onLost told when an idle connection broke: often the first sign that a server went */
  constructor(
    readonly address: ContractMember,
    readonly role: Role,
    config: PoolConfig,
    onLost: (member: Member, error: Error) => void,
  ) {
    this.name = address.name;
    this.weight = address.weight ?? 1;
    this.pool = new Pool(config);
    this.pool.on('error', (error) => onLost(this, error));
    // `pg` listens only to idle clients. One that breaks while it is checked out would end the process; its statement fails all the same.
    this.pool.on('connect', (client) => {
      client.on('error', ignore);
      this.clients.add(client);
    });
    this.pool.on('remove', (client) => this.clients.delete(client));
  }

  /**
   * Runs one statement on a connection of the pool.
   *
   * @param movable whether {@link abandon} may cut it off, since it can be run again on another member
   */
  run(statement: Statement, movable: boolean): Promise<QueryResult> {
    return new Promise((resolve, reject) =>
      this.start(statement, movable, reject, (lease, result) => {
        lease.release();
        resolve(result);
      }),
    );
  }

  /**
   * Opens a transaction and keeps its connection.
   *
   * @param begin   the statement that opens it
   * @param movable whether {@link abandon} may close the connection under it, at any time until it is released
   */
  begin(begin: string, movable: boolean): Promise<Lease> {
    return new Promise((resolve, reject) => this.start({ text: begin }, movable, reject, (lease) => resolve(lease)));
  }

  /** Cuts off everything that need not end here: this member will not answer it. */
  abandon(reason: string): void {
    for (const cutOff of [...this.movable]) cutOff(new Error(`Connection terminated: ${reason}`));
  }

  /**
   * Ends the pool politely, and cuts what is left after the time: a frozen server answers no goodbye, and its open socket would keep the
   * process alive.
   */
  async close(timeoutMs: number, clock: Clock): Promise<void> {
    const timer = clock.after(timeoutMs, () => {
      for (const client of this.clients) sever(client);
    });
    await this.pool.end();
    // The pool does not wait for the goodbyes of idle connections.
    await this.noClientLeft();
    timer.cancel();
  }

  private noClientLeft(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.clients.size === 0) resolve();
      };
      this.pool.on('remove', look);
      look();
    });
  }

  /** Callbacks all the way: this is the path of every statement, and each promise more would be felt. */
  private start(
    statement: Statement,
    movable: boolean,
    reject: (error: Error) => void,
    resolve: (lease: Lease, result: QueryResult) => void,
  ) {
    let lease: Lease | undefined;
    let settled = false;
    const cutOff = (error: Error) => {
      this.movable.delete(cutOff);
      if (settled) {
        // A transaction in the hands of the caller: its next statement, or the one under way, fails.
        if (lease) sever(lease.client);
        return;
      }
      settled = true;
      lease?.release(error);
      reject(error);
    };
    if (movable) this.movable.add(cutOff);

    this.pool.connect((error, client, done) => {
      // Cut off while it waited for a connection: the connection itself is sound.
      if (settled) return client && done();
      if (error || !client) return cutOff(error ?? new Error('Connection terminated'));
      const held: Lease = {
        client,
        release: (failure) => {
          if (movable) this.movable.delete(cutOff);
          done(failure && !survives(failure) ? failure : undefined);
        },
      };
      lease = held;
      const answered = (failure: Error | undefined, result?: QueryResult) => {
        if (settled) return;
        if (failure) return cutOff(failure);
        settled = true;
        resolve(held, result as QueryResult);
      };
      try {
        client.query(statement.text as string, statement.values as unknown[], answered);
      } catch (thrown) {
        cutOff(thrown as Error);
      }
    });
  }
}

/** Whether the connection is as good as before: one that is released with an error is closed. */
function survives(error: Error): boolean {
  return (error as { severity?: string }).severity === 'ERROR';
}

function ignore(): void {
  // The statement that was under way fails with the same error, and the pool drops the client.
}
