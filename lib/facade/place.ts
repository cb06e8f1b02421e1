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

/** How long a client lives decides what it does with its connections. */
export interface Manner {
  /** Where a statement runs while the session has no state. */
  placeOf(intent: Intent | undefined, speaks: boolean, text: string | undefined): Place;
  /** Whether a statement leaves something on a connection that is kept while needed: then it is needed until release. */
  outlives(intent: Intent | undefined, text: string | undefined): boolean;
  /** How long a connection of the primary is kept. */
  readonly onPrimary: 'while needed' | 'until release';
}

/** Of a client that was checked out and is released soon: on the primary once, on the primary until then. */
export const CHECKED_OUT: Manner = { placeOf, outlives: outlivesTransaction, onPrimary: 'until release' };
