import { ReadfleetError } from '../../lib/errors';
import type { Version } from './types';

/** A call that would have become another statement than its writer had in mind. Nothing was sent. */
export function refused(table: string, message: string): ReadfleetError {
  return new ReadfleetError('READFLEET_REPOSITORY_ARGUMENT', `${table}: ${message}`);
}

/** `READFLEET_STALE_VERSION`: the row was changed by somebody else since it was read, so nothing of this change was made. */
export class StaleVersionError<Row = unknown> extends ReadfleetError {
  /** The version that was expected. */
  readonly expected: Version;
  /** The row as the primary, or the transaction, has it now. */
  readonly current: Row;

  constructor(table: string, expected: Version, now: unknown, current: Row) {
    super(
      'READFLEET_STALE_VERSION',
      `${table}: a row was expected at version ${expected} and is at ${now}: somebody else changed it. Nothing was done. ` +
        'Look at `current` of this error, decide again, and call with its version.',
    );
    this.expected = expected;
    this.current = current;
  }
}
