import { inspect } from 'node:util';
import { ReadfleetError } from '../../lib/errors';

/** As PostgreSQL has it for its own delays: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @param what whose number it is, for the message
 * @throws ReadfleetError `READFLEET_TESTING_MILLISECONDS`
 */
export function checkMilliseconds(what: string, ms: unknown): void {
  if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST_MS) return;
  throw new ReadfleetError(
    'READFLEET_TESTING_MILLISECONDS',
    `${what}: ms must be a number of milliseconds, 0 to ${LONGEST_MS} (24 days), got: ${inspect(ms)}.`,
  );
}
