import type { EventEmitter } from 'node:events';

type Closed = (error?: Error) => void;

/** What is used of a `pg-cursor`. */
interface Cursor {
  /** From when it was submitted until it has ended. */
  readonly connection: (EventEmitter & { readonly stream: { readonly destroyed: boolean } }) | null;
  close(closed?: Closed): Promise<void> | undefined;
}

/**
 * Lets a cursor, or the one in a `pg-query-stream`, be closed when its connection has gone: it would wait for the server's word on that for ever, and
 * who reads it would never hear of the loss.
 */
export function letClose(statement: unknown): void {
  const { cursor = statement } = statement as { cursor?: unknown };
  if (!isCursor(cursor)) return;
  const close = cursor.close.bind(cursor);
  cursor.close = (closed) => {
    if (!closed) return new Promise((resolve, reject) => closing((error) => (error ? reject(error) : resolve())));
    closing(closed);
    return undefined;
  };

  function closing(closed: Closed): void {
    const { connection } = cursor as Cursor;
    if (connection?.stream.destroyed) {
      process.nextTick(closed);
      return;
    }
    const gone = () => closed();
    connection?.once('end', gone);
    close((error) => {
      connection?.removeListener('end', gone);
      closed(error);
    });
  }
}

function isCursor(value: unknown): value is Cursor {
  const { close, read } = value as { close?: unknown; read?: unknown };
  return typeof close === 'function' && typeof read === 'function';
}
