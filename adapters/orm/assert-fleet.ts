import type { Fleet } from '../../lib';
import { ReadfleetError } from '../../lib/errors';

/**
 * By shape and not by class, since two copies of the package may be about.
 *
 * @param call what was called, for the message: `typeorm(fleet)`
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 */
export function assertFleet(given: unknown, call: string): asserts given is Fleet {
  const { pool, writePool } = (given ?? {}) as Partial<Fleet>;
  if (typeof pool?.lend === 'function' && typeof writePool?.lend === 'function') return;
  const promise = typeof (given as { then?: unknown } | undefined)?.then === 'function';
  const got = promise ? 'a promise' : given === null ? 'null' : kindOf(given);
  const mend = promise ? 'Await connect(…) first.' : 'Give it what connect(…) resolves with.';
  throw new ReadfleetError('READFLEET_NOT_A_FLEET', `${call} takes a fleet, got: ${got}. ${mend}`);
}

function kindOf(given: unknown): string {
  const name = typeof given === 'object' ? given?.constructor?.name : undefined;
  return name ?? typeof given;
}
