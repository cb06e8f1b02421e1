import { EventEmitter } from 'node:events';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Fleet } from './fleet';
import type { Members } from './members/members';

type Callback = (error: Error | undefined, result: QueryResult) => void;
type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/**
 * A fleet in the shape of `pg.Pool`, for code and libraries that take one: `query` with promise or callback, `connect`, `end`, the counters.
 *
 * A client that is checked out belongs to one member until it is released: the primary's, or for `readPool` a replica's, which refuses writes.
 */
export class FleetPool extends EventEmitter {
  /** @internal use `fleet.pool`, `fleet.readPool`, `fleet.writePool` */
  constructor(
    private readonly fleet: Fleet,
    private readonly members: Members,
    private readonly kind: 'auto' | 'read' | 'write',
  ) {
    super();
  }

  query<Row extends QueryResultRow = QueryResultRow>(
    text: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>>;
  query(text: string | QueryConfig, callback: Callback): void;
  query(text: string | QueryConfig, values: unknown[], callback: Callback): void;
  query(
    text: string | QueryConfig,
    values?: unknown[] | Callback,
    callback?: Callback,
  ): Promise<QueryResult> | undefined {
    const given = typeof values === 'function' ? undefined : values;
    const tell = typeof values === 'function' ? values : callback;
    const answer = this.run(text, given);
    if (!tell) return answer;
    answer.then(
      (result) => tell(undefined, result),
      (error) => tell(error, undefined as never),
    );
    return undefined;
  }

  connect(): Promise<PoolClient>;
  connect(callback: ConnectCallback): void;
  connect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    const client = this.kind === 'read' ? this.fleet.checkOutReader() : this.members.writer.pool.connect();
    if (!callback) return client;
    client.then(
      (connected) => callback(undefined, connected, (error) => connected.release(error)),
      (error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  }

  /** Closes the whole fleet: the pools of a fleet share their connections. */
  end(): Promise<void>;
  end(callback: () => void): void;
  end(callback?: () => void): Promise<void> | undefined {
    const ended = this.fleet.close();
    if (!callback) return ended;
    void ended.then(callback);
    return undefined;
  }

  get totalCount(): number {
    return this.count('totalCount');
  }

  get idleCount(): number {
    return this.count('idleCount');
  }

  get waitingCount(): number {
    return this.count('waitingCount');
  }

  private run(text: string | QueryConfig, values: unknown[] | undefined): Promise<QueryResult> {
    if (this.kind === 'auto') return this.fleet.query(text, values);
    return this.kind === 'read' ? this.fleet.read(text, values) : this.fleet.write(text, values);
  }

  private count(counter: 'totalCount' | 'idleCount' | 'waitingCount'): number {
    const { writer, readers } = this.members;
    const behind = this.kind === 'auto' ? [writer, ...readers] : this.kind === 'read' ? readers : [writer];
    return behind.reduce((sum, member) => sum + member.pool[counter], 0);
  }
}
