import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Intent } from '../intent';
import type { ReadOptions } from '../options';

/** What the facades need of a fleet. */
export interface FacadeHost {
  /** Routed by what the statement is. */
  query(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult>;
  /** Known to be a read by the caller. */
  read(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult>;
  /** Runs on the primary. */
  write(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult>;
  /** What a statement is. */
  intentOf(text: string): Intent;
  /** Whether the global off switch is on: then everything is exactly `pg.Pool` on the primary. */
  readonly off: boolean;
  /** The pool of the present primary. */
  readonly writerPool: Pool;
  /** The pools behind the readers. */
  readonly readerPools: readonly Pool[];
  /** A connection of the primary. */
  checkOutWriter(): Promise<PoolClient>;
  /** A connection of a replica that may serve now, else of the primary. */
  checkOutReader(read?: ReadOptions): Promise<PoolClient>;
  /**
   * Told of every statement that ended, well or badly, on a connection that is checked out. Called in the asynchronous context of whoever asked for
   * the statement, before he goes on.
   *
   * @param intent undefined when its text could not be had
   * @param client the connection, as `checkOutWriter()` or `checkOutReader()` gave it
   */
  statementEnded(intent: Intent | undefined, client: PoolClient): void;
  close(): Promise<void>;
}
