import type { Intent } from '../intent';

/**
 * Where a statement of a checked-out client runs whose session has no state yet:
 * - `anywhere`: routed like a statement of the pool; the client stays unbound
 * - `reader`: on a connection of a replica that is kept while what was begun lives there
 * - `primary`: on a connection of the primary that is kept until release
 */
export type Place = 'anywhere' | 'reader' | 'primary';

/**
 * @param intent undefined when nobody can know what it is
 * @param speaks whether the statement speaks the protocol itself: then it needs one connection, and cannot be tried twice
 */
export function placeOf(intent: Intent | undefined, speaks: boolean): Place {
  if (intent === undefined) return 'primary';
  if (intent.session === 'begin read only') return 'reader';
  if (intent.target !== 'replica' || intent.session !== undefined) return 'primary';
  return speaks ? 'reader' : 'anywhere';
}

/**
 * Whether a statement that ran inside a transaction may live on after it: then the session cannot be left.
 *
 * @param text undefined when it could not be had
 */
export function outlivesTransaction(intent: Intent | undefined, text: string | undefined): boolean {
  if (intent === undefined || text === undefined) return true;
  return intent.session === 'binds' && !ENDS_WITH_TRANSACTION.test(text);
}

/** One statement, of a kind whose effect PostgreSQL undoes when the transaction ends. A semicolon within may begin a second statement. */
const ENDS_WITH_TRANSACTION = new RegExp(
  `^\\s*(?:${[
    'savepoint',
    'release',
    'rollback\\s+(?:(?:work|transaction)\\s+)?to',
    '(?:commit|rollback)\\s+and\\s+chain',
    'set\\s+(?:local|transaction|constraints)',
    // A cursor WITH HOLD outlives it; what a comment hides may be that.
    'declare(?!.*(?:\\bhold\\b|--|/\\*))',
    'fetch',
    'move',
    'close',
  ].join('|')})\\b[^;]*;?\\s*$`,
  'is',
);
