import { ReadfleetError } from '../../lib/errors';
import type { Version } from './types';

/** A call that would have become another statement than its writer had in mind. Nothing was sent. */
export function refused(table: string, message: string): ReadfleetError {
  return new ReadfleetError('READFLEET_REPOSITORY_ARGUMENT', `${table}: ${message}`);
}

/** The kind of a value, and not the value: it may be somebody's. */
export function told(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return String(value);
  const name: unknown = typeof value === 'object' && Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? `an object of class ${name}`
    : `a value of type ${typeof value}`;
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
