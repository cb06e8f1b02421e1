import { AsyncResource } from 'node:async_hooks';
import type { QueryResult } from 'pg';
import type { Intent } from '../intent';
import type { Borrowed } from './borrowed';
import type { Place } from './place';
import { callBack, retrace } from './retrace';
import { isProtocolStatement, type ProtocolStatement, type Statement } from './statement';

/** A statement of a checked-out client that cannot be handed to a connection at once. */
export class Job extends AsyncResource {
  /** What `query` returns, in the form in which it was asked. */
  readonly answer: Promise<QueryResult> | ProtocolStatement | undefined;
  /** The statement, when it speaks the protocol itself. */
  readonly speaker: ProtocolStatement | undefined;
  private readonly settleWith: (error: Error | null | undefined, result?: QueryResult) => void;

  constructor(
    readonly statement: Statement,
    readonly intent: Intent | undefined,
    readonly place: Place,
  ) {
    // Whatever is done for the statement later is done in the context of who asked for it, such as a session of his.
    super('readfleet.statement');
    const { config, callback } = statement;
    this.speaker = isProtocolStatement(config) ? config : undefined;
    if (this.speaker) {
      this.answer = this.speaker;
      this.settleWith = (error) => error && refuse(this.speaker as ProtocolStatement, error);
    } else if (callback) {
      this.settleWith = (error, result) => (error ? callBack(callback, error) : callBack(callback, null, result));
    } else {
      let settle: (error: Error | null | undefined, result?: QueryResult) => void = () => undefined;
      this.answer = new Promise<QueryResult>((resolve, reject) => {
        settle = (error, result) => (error ? reject(error) : resolve(result as QueryResult));
      }).catch(retrace);
      this.settleWith = settle;
    }
  }

  settle(error: Error | null | undefined, result?: QueryResult): void {
    this.settleWith(error, result);
  }
}

/** Is told that a statement ended on a connection. */
export type Tell = (intent: Intent | undefined, to: Borrowed) => void;

/**
 * Hands a job to a connection, behind what it was handed before.
 *
 * @param answered called before whoever asked is; true when the job is not over, as it is tried elsewhere
 */
export function handOver(job: Job, to: Borrowed, tell: Tell, answered?: (error: Error | undefined) => boolean): void {
  const { statement, intent, speaker } = job;
  const ended = () => job.runInAsyncScope(tell, undefined, intent, to);
  if (speaker) {
    to.tellOnceIdle(ended);
    to.client.query(speaker as never, statement.values as never, statement.callback as never);
    return;
  }
  const called = (error: Error | null | undefined, result?: QueryResult) => {
    if (answered?.(error ?? undefined)) return;
    ended();
    job.settle(error, result);
  };
  to.client.query(statement.config as string, statement.values as unknown[], called as never);
}

/** As {@link handOver}, when nothing waits before it: `pg` itself answers. */
export function pass(statement: Statement, intent: Intent | undefined, to: Borrowed, tell: Tell): unknown {
  const { config, values, callback } = statement;
  const ask = to.client.query.bind(to.client) as (config: unknown, values: unknown, callback?: unknown) => unknown;
  const ended = () => tell(intent, to);
  if (isProtocolStatement(config)) {
    to.tellOnceIdle(AsyncResource.bind(ended));
    return ask(config, values, callback);
  }
  if (!callback) {
    const answer = ask(config, values) as Promise<unknown>;
    // Before whoever awaits it goes on.
    answer.then(ended, ended);
    return answer;
  }
  const inContext = AsyncResource.bind(ended);
  return ask(config, values, (...told: [Error | null | undefined, QueryResult?]) => {
    inContext();
    callback(...told);
  });
}

/** Refuses a statement that was never submitted, as `pg` refuses one on a closed client. */
export function refuse(speaker: ProtocolStatement, error: Error): void {
  process.nextTick(() => speaker.handleError(error));
}
