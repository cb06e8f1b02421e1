import type { QueryConfig, QueryResult, Submittable } from 'pg';

/** A callback as an app gives it. `pg` calls it with the error alone, or with `null` and the result. */
export type QueryCallback = (error: Error | null | undefined, result?: QueryResult) => void;

/** An object that speaks the protocol itself, such as a cursor, a stream or a `pg.Query`. */
export interface ProtocolStatement extends Submittable {
  readonly text?: unknown;
  readonly cursor?: { readonly text?: unknown };
  callback?: unknown;
  handleError(error: Error, connection?: unknown): void;
}

/** The arguments of `query`, told apart as `pg` tells them apart. */
export interface Statement {
  readonly config: string | QueryConfig | ProtocolStatement;
  readonly values: unknown[] | undefined;
  readonly callback: QueryCallback | undefined;
  /** Undefined where it cannot be had: a strange object, or a prepared statement called by its name alone. */
  readonly text: string | undefined;
}

/**
 * @throws TypeError as `pg` does, where it does
 */
export function statementOf(config: unknown, values: unknown, callback: unknown): Statement {
  if (config === null || config === undefined) throw new TypeError('Client was passed a null or undefined query');
  const given = typeof values === 'function' ? undefined : (values as unknown[] | undefined);
  const text = textOf(config);
  if (isProtocolStatement(config)) {
    const called = typeof values === 'function' ? values : callback;
    return { config, values: given, callback: called as QueryCallback | undefined, text };
  }
  const own = (config as { callback?: unknown }).callback;
  const called = callback || (typeof values === 'function' ? values : own);
  if (called && typeof called !== 'function') throw new TypeError('callback is not a function');
  return { config: config as QueryConfig, values: given, callback: (called || undefined) as QueryCallback, text };
}

export function isProtocolStatement(config: unknown): config is ProtocolStatement {
  return typeof (config as { submit?: unknown } | null | undefined)?.submit === 'function';
}

/** The text that is sent, of everything whose text can be known. */
export function textOf(config: unknown): string | undefined {
  if (typeof config === 'string') return config;
  const { text, cursor } = (config ?? {}) as { text?: unknown; cursor?: { text?: unknown } };
  // A pg-query-stream keeps its text in the cursor that it reads from.
  const sent = text ?? cursor?.text;
  return typeof sent === 'string' ? sent : undefined;
}
