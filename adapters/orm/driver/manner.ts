import { CHECKED_OUT, type Manner, type Place } from '../../../lib/facade/place';
import type { Intent } from '../../../lib/intent';

/**
 * What a client does whose connection an ORM keeps for as long as it lives.
 *
 * It has a connection from BEGIN to COMMIT, and while a cursor or a stream reads. What leaves something in the session that somebody will want
 * again (SET, LISTEN, an advisory lock, a temporary table, a cursor WITH HOLD) keeps its connection, which is one of the primary, until the end.
 * All else runs where the fleet runs it, and leaves the client without one.
 */
export const LONG_LIVED: Manner = {
  placeOf(intent: Intent | undefined, speaks: boolean, text: string | undefined): Place {
    const place = CHECKED_OUT.placeOf(intent, speaks, text);
    if (place !== 'primary' || speaks || intent?.session === 'begin') return place;
    return leavesState(intent, text) ? 'primary' : 'anywhere';
  },
  outlives: leavesState,
  onPrimary: 'while needed',
};

/** Reasons of the classifier for what is certain to be of use to nobody but this session. */
const STATE = /^(?:session state|advisory lock)\b/;

/** A semicolon with something behind it: of several statements nobody tells what each one leaves, and one may have begun a transaction. */
const SEVERAL = /;\s*\S/;

const SET_CONFIG = /\bset_config\s*\(/gi;
/** A setting of its transaction alone, which a policy of row-level security reads. */
const SET_CONFIG_LOCALLY = /\bset_config\s*\((?:[^()']|'[^']*')*,\s*(?:true|'t(?:rue)?')\s*\)/gi;

/** One statement, which PostgreSQL undoes when the transaction ends. */
const DROPPED_ON_COMMIT =
  /^\s*create\s+(?:local\s+|global\s+)?temp(?:orary)?\s+table\b[^;]*\bon\s+commit\s+drop\b[^;]*;?\s*$/is;

/**
 * Whether something is left that is bound to one connection. The classifier's `binds` says more: that a function which it does not know may
 * leave something. An ORM that calls one outside of a transaction has it run on whichever connection is free, with or without a fleet.
 */
function leavesState(intent: Intent | undefined, text: string | undefined): boolean {
  if (!CHECKED_OUT.outlives(intent, text)) return false;
  if (intent === undefined || text === undefined) return true;
  if (SEVERAL.test(text)) return true;
  return STATE.test(intent.reason) && !setsLocally(text) && !DROPPED_ON_COMMIT.test(text);
}

function setsLocally(text: string): boolean {
  const locally = count(text, SET_CONFIG_LOCALLY);
  return locally > 0 && locally === count(text, SET_CONFIG);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
