import { ReadfleetError } from '../../lib';
import { classifyFailure } from '../../lib/execution/failure';

/** What readfleet says when a member, routing or time failed a call; its other errors are mistakes of whoever called. */
const CODES: ReadonlySet<string> = new Set([
  'READFLEET_NO_MEMBER',
  'READFLEET_NO_WRITER',
  'READFLEET_BREAKER_OPEN',
  'READFLEET_RETRIES_SPENT',
  'READFLEET_SHED',
  'READFLEET_TIMEOUT',
]);

/**
 * Whether a call failed for a member, for routing or for time. A statement's own error is an answer, and what its caller gave up is no failure: it
 * rejects with the signal's reason, which says nothing of a member.
 */
export function isCallFailure(error: unknown): boolean {
  if (ReadfleetError.is(error)) return CODES.has(error.code);
  if (typeof error !== 'object' || error === null) return false;
  // As of a primary: what a standby alone would say has been tried elsewhere by now.
  const failure = classifyFailure(error, false);
  return failure === 'lost' || failure === 'busy';
}
