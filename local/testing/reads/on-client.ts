import type { QueryResult } from 'pg';
import {
  isProtocolStatement,
  type ProtocolStatement,
  type QueryCallback,
  statementOf,
} from '../../../lib/facade/statement';

/** `query` of a client of `pg`, in all its forms. */
export type Ask = (...given: unknown[]) => unknown;

/** Is told how a statement ended. */
export interface Ears {
  answered(): void;
  failed(error: unknown): void;
}

/**
 * Runs a statement as `ask` does, and tells how it ended before the caller is told.
 *
 * @param given what the caller gave to `query`
 */
export function askAloud(ask: Ask, given: readonly unknown[], ears: Ears): unknown {
  const { config, values, callback } = statementOf(given[0], given[1], given[2]);
  if (isProtocolStatement(config)) {
    listenTo(config, ears);
    return ask(...given);
  }
  if (!callback) {
    const answer = ask(...given) as Promise<QueryResult>;
    answer.then(ears.answered, ears.failed);
    return answer;
  }
  const told: QueryCallback = (error, result) => {
    if (error) ears.failed(error);
    else ears.answered();
    callback(error, result);
  };
  return ask(config, values, told);
}

/** A statement that speaks the protocol itself, such as a cursor: answered by its first word, unless an error follows. */
function listenTo(speaker: ProtocolStatement, ears: Ears): void {
  const words = speaker as unknown as Record<string, unknown>;
  hear('handleRowDescription', ears.answered);
  hear('handleCommandComplete', ears.answered);
  hear('handleReadyForQuery', ears.answered);
  hear('handleError', ears.failed);

  function hear(word: string, tell: (what: unknown) => void): void {
    const before = words[word];
    if (typeof before !== 'function') return;
    words[word] = function (this: unknown, ...said: unknown[]) {
      tell(said[0]);
      return before.apply(this, said);
    };
  }
}
