import { EventEmitter } from 'node:events';
import { Pool, type PoolClient, type PoolOptions, type QueryConfig, type QueryResult } from 'pg';
import { checkReadOptions } from '../check-options';
import type { ReadOptions } from '../options';
import { FleetClient } from './fleet-client';
import type { FacadeHost } from './host';
import { PoolEvents } from './pool-events';
import { callBack, retrace } from './retrace';
import { runOnClient } from './run-on-client';
import { standInFor } from './stand-in';
import { isProtocolStatement, type QueryCallback, textOf } from './statement';

export type PoolKind = 'auto' | 'read' | 'write';

type Listener = (...args: unknown[]) => void;
type ConnectCallback = (
  error: Error | undefined,
  client?: PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;

const FUNCTION_FIRST = 'Passing a function as the first parameter to pool.query is not supported';
const ENDED = 'Cannot use a pool after calling end on the pool';
const ENDED_TWICE = 'Called end on pool more than once';

class FacadePool extends EventEmitter {
  private readonly events: PoolEvents;
  /** Pools of their own over the same connections. */
  private readonly lent = new Set<FacadePool>();
  private closing = false;

  /**
   * @param lender whose pool this is a part of: then its end is its own
   * @param asks   what its reads ask for
   */
  constructor(
    private readonly host: FacadeHost,
    private readonly kind: PoolKind,
    private readonly lender?: FacadePool,
    private readonly asks?: ReadOptions,
  ) {
    super();
    this.events = new PoolEvents(
      this,
      () => [host.writerPool, ...host.readerPools],
      (pool) => this.shows(pool),
    );
  }

  query(config: unknown, values?: unknown, callback?: unknown): unknown {
    const plain = this.closing ? undefined : this.plain;
    if (plain) return plain.query(config as string, values as unknown[], callback as never);
    const tell = (typeof values === 'function' ? values : callback) as QueryCallback | undefined;
    const answer = this.run(config, typeof values === 'function' ? undefined : (values as unknown[]));
    if (!tell) return answer.catch(retrace);
    answer.then(
      (result) => callBack(tell, undefined, result),
      (error) => callBack(tell, error),
    );
    return undefined;
  }

  connect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    const plain = this.closing ? undefined : this.plain;
    if (plain) return callback ? (plain.connect(callback as never) as undefined) : plain.connect();
    const checkedOut = this.checkOut();
    if (!callback) return checkedOut.catch(retrace);
    checkedOut.then(
      (client) => callBack(callback, undefined, client, client.release),
      (error) => callBack(callback, error, undefined, () => undefined),
    );
    return undefined;
  }

  lend(read?: ReadOptions): FleetPool {
    if (read !== undefined) checkReadOptions(read);
    const pool = new FacadePool(this.host, this.kind, this, read ? { ...this.asks, ...read } : this.asks);
    this.lent.add(pool);
    return pool as unknown as FleetPool;
  }

  end(callback?: (error?: Error) => void): Promise<void> | undefined {
    const ended = this.closing ? Promise.reject(new Error(ENDED_TWICE)) : this.closed();
    this.closing = true;
    if (!callback) return ended;
    ended.then(
      () => callBack(callback),
      (error) => callBack(callback, error),
    );
    return undefined;
  }

  get ending(): boolean {
    return this.closing || this.host.writerPool.ending;
  }

  get ended(): boolean {
    return (this.lender !== undefined && this.closing) || this.pools.every(({ ended }) => ended);
  }

  /** How connections are made: those of the primary, or for `readPool` those of the first replica. */
  get options(): PoolOptions {
    return (this.pools[0] ?? this.host.writerPool).options;
  }

  get totalCount(): number {
    return this.sum('totalCount');
  }

  get idleCount(): number {
    return this.sum('idleCount');
  }

  get waitingCount(): number {
    return this.sum('waitingCount');
  }

  get expiredCount(): number {
    return this.sum('expiredCount');
  }

  // `once` and its like come by one of these three.
  override on(event: string | symbol, listener: Listener): this {
    this.events.want(event);
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    this.events.want(event);
    return super.addListener(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    this.events.want(event);
    return super.prependListener(event, listener);
  }

  poolsChanged(): void {
    this.events.poolsChanged();
    for (const pool of this.lent) pool.poolsChanged();
  }

  private async closed(): Promise<void> {
    if (!this.lender) return this.host.close();
    this.lender.lent.delete(this);
    this.events.leave();
  }

  /** The pool that is to answer in every detail itself. */
  private get plain(): Pool | undefined {
    const { host } = this;
    return host.off || (this.kind === 'read' && host.readerPools.length === 0) ? host.writerPool : undefined;
  }

  private get pools(): readonly Pool[] {
    const { writerPool, readerPools } = this.host;
    if (this.plain || this.kind === 'write') return [writerPool];
    return this.kind === 'auto' ? [writerPool, ...readerPools] : readerPools;
  }

  /** As {@link pools}; of a replica that was removed, its last connections are told of too. */
  private shows(pool: Pool): boolean {
    const ofPrimary = pool === this.host.writerPool;
    if (this.plain || this.kind === 'write') return ofPrimary;
    return this.kind === 'auto' || !ofPrimary;
  }

  private run(config: unknown, values: unknown[] | undefined): Promise<QueryResult> {
    const { host, kind, asks } = this;
    if (this.closing) return Promise.reject(new Error(ENDED));
    if (typeof config === 'string' || (!isProtocolStatement(config) && textOf(config) !== undefined)) {
      const statement = config as string | QueryConfig;
      if (kind === 'auto') return host.query(statement, values, asks);
      return kind === 'read' ? host.read(statement, values, asks) : host.write(statement, values);
    }
    if (typeof config === 'function') return Promise.reject(new Error(FUNCTION_FIRST));
    return runOnClient(host, kind, asks, config, values);
  }

  private checkOut(): Promise<PoolClient> {
    if (this.closing) return Promise.reject(new Error(ENDED));
    if (this.kind === 'auto') return Promise.resolve(new FleetClient(this.host, this.asks) as unknown as PoolClient);
    const connected = this.kind === 'read' ? this.host.checkOutReader(this.asks) : this.host.checkOutWriter();
    return connected.then((client) => FleetClient.boundTo(this.host, client) as unknown as PoolClient);
  }

  private sum(counter: 'totalCount' | 'idleCount' | 'waitingCount' | 'expiredCount'): number {
    return this.pools.reduce((sum, pool) => sum + pool[counter], 0);
  }
}

standInFor(FacadePool, Pool);
// Libraries tell a pool from a client by this word in the name, where two copies of pg are about; also after a minifier has been here.
Object.defineProperty(FacadePool, 'name', { value: 'FleetPool' });

/**
 * A fleet in the shape of `pg.Pool`, for code and libraries that take one. It is an instance of `pg.Pool`, without connections of its own:
 * those are in the pools behind it, one for each member, whose options (`max`, `idleTimeoutMillis`, `maxUses`, …), counters and events it shows.
 *
 * While the fleet is switched off everything is the primary's pool itself.
 */
export interface FleetPool extends Pool {
  /** Closes the whole fleet, since its pools share their connections. The end of a pool that was lent is its own. */
  end(): Promise<void>;
  end(callback: () => void): void;
  /**
   * A pool over the same connections, whose `end()` ends it alone: for a library that ends the pools it is given, and for a part of the app whose
   * reads ask for something else. It costs no connection.
   *
   * @param read what its reads ask for, where `fleet.query()` would be told with each of them. Of a read-only transaction, a cursor or a client of
   *   `readPool` it decides which member they get; times and signals are for single statements
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
   * @example
   * const db = new Kysely({ dialect: new PostgresDialect({ pool: fleet.pool.lend() }) });
   * const reports = new Kysely({ dialect: new PostgresDialect({ pool: fleet.pool.lend({ endpoint: 'reports', maxStalenessMs: 60_000 }) }) });
   */
  lend(read?: ReadOptions): FleetPool;
  /** @internal to be called when members have come or gone, so that their events are told */
  poolsChanged(): void;
}

/** @internal use `fleet.pool`, `fleet.readPool`, `fleet.writePool` */
export const FleetPool = FacadePool as unknown as new (host: FacadeHost, kind: PoolKind) => FleetPool;
