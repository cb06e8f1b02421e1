import type { QueryResult, QueryResultRow } from 'pg';
import type { Fleet, ReadOptions, Transaction, TransactionOptions } from '../../lib';

/** The repositories of a service, by name; anything that can be had in a transaction. */
export type Repositories = Readonly<Record<string, { in(transaction: Transaction): unknown }>>;

/**
 * A part of an app that works with several repositories: what belongs together is one transaction, and what follows on a write sees it.
 */
export abstract class Service<Has extends Repositories> {
  constructor(
    protected readonly fleet: Fleet,
    protected readonly repositories: Has,
  ) {}

  /**
   * Runs `work` in a transaction, with the repositories in it: commits when it resolves, rolls back when it rejects. Whatever is asked of
   * others than these, `this.repositories` among them, runs outside of the transaction.
   *
   * A read-only one may run on a replica.
   */
  protected transaction<T>(
    work: (repositories: Has, transaction: Transaction) => Promise<T>,
    options?: TransactionOptions & ReadOptions,
  ): Promise<T> {
    return this.fleet.transaction(
      (transaction) => work(inTransaction(this.repositories, transaction), transaction),
      options,
    );
  }

  /** Runs `work` in a session: its reads see its own writes, on whichever member they run. */
  protected session<T>(work: () => Promise<T> | T): Promise<T> {
    return this.fleet.session(work);
  }

  /** A read that must see the latest: runs on the primary. */
  protected criticalRead<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    return this.fleet.criticalRead<Row>(text, values);
  }
}

function inTransaction<Has extends Repositories>(repositories: Has, transaction: Transaction): Has {
  const all = Object.entries(repositories).map(([name, repository]) => [name, repository.in(transaction)]);
  return Object.fromEntries(all) as Has;
}
