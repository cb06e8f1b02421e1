import { EventEmitter } from 'node:events';
import { Client, escapeIdentifier, escapeLiteral, type PoolClient, type PoolOptions } from 'pg';
import type { Borrowed } from './borrowed';
import { callBack } from './retrace';
import { standInFor } from './stand-in';
import { TypeParsers } from './type-parsers';

const CONNECTED_TWICE = 'Client has already been connected. You cannot reuse a client.';

/** What an app may ask of a client beside its statements: answered by the connection that is held, else as the pool would. */
export abstract class ClientSurface extends EventEmitter {
  protected borrowed: Borrowed | undefined;
  protected parsers: TypeParsers | undefined;
  protected closed = false;

  /** How the pool of the primary makes its connections. */
  protected abstract get options(): PoolOptions;

  connect(callback?: (error: Error) => void): Promise<never> | undefined {
    const error = new Error(CONNECTED_TWICE);
    if (!callback) return Promise.reject(error);
    process.nextTick(callback, error);
    return undefined;
  }

  end(callback?: () => void): Promise<void> | undefined {
    this.closed = true;
    const ended = this.borrowed ? this.borrowed.client.end() : Promise.resolve();
    if (!callback) return ended;
    void ended.then(() => callBack(callback));
    return undefined;
  }

  setTypeParser(oid: number, format: unknown, parser?: unknown): void {
    this.parsers ??= new TypeParsers(this.options.types);
    const [given, parse] = typeof format === 'function' ? ['text', format] : [format, parser];
    this.parsers.setTypeParser(oid, given as string, parse as never, this.borrowed?.client);
  }

  getTypeParser(oid: number, format?: string): unknown {
    if (this.borrowed) return this.borrowed.client.getTypeParser(oid, format as 'text');
    return (this.parsers ?? new TypeParsers(this.options.types)).getTypeParser(oid, format);
  }

  /** Of a session without state there is no transaction. */
  getTransactionStatus(): ReturnType<PoolClient['getTransactionStatus']> {
    return this.borrowed ? this.borrowed.client.getTransactionStatus() : 'I';
  }

  escapeIdentifier(text: string): string {
    return escapeIdentifier(text);
  }

  escapeLiteral(text: string): string {
    return escapeLiteral(text);
  }

  ref(): void {
    this.own<{ ref?(): void }>()?.ref?.();
  }

  unref(): void {
    this.own<{ unref?(): void }>()?.unref?.();
  }

  /**
   * The process of the connection on the primary, else null: who cancels by number does so on the primary, where a replica's number
   * is a stranger's.
   */
  get processID(): number | null {
    return this.borrowed?.onPrimary ? (this.own<{ processID: number }>()?.processID ?? null) : null;
  }

  get secretKey(): number | null {
    return this.borrowed?.onPrimary ? (this.own<{ secretKey: number }>()?.secretKey ?? null) : null;
  }

  get connection(): PoolClient['connection'] | undefined {
    return this.borrowed?.client.connection;
  }

  get host(): string | undefined {
    return this.borrowed?.client.host ?? this.options.host;
  }

  get port(): number | undefined {
    return this.borrowed?.client.port ?? this.options.port;
  }

  get user(): string | undefined {
    return this.borrowed?.client.user ?? this.options.user;
  }

  get database(): string | undefined {
    return this.borrowed?.client.database ?? this.options.database;
  }

  /** What the types of `pg` do not tell of the connection that is held. */
  private own<T>(): T | undefined {
    return this.borrowed?.client as T | undefined;
  }
}

standInFor(ClientSurface, Client);
