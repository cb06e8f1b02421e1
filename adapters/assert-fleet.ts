import type { Fleet } from '../lib';
import { ReadfleetError } from '../lib/errors';

/**
 * By shape and not by class, since two copies of the package may be about.
 *
 * @param call what was called, for the message: `typeorm(fleet)`
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 */
export function assertFleet(given: unknown, call: string): asserts given is Fleet {
  if (isFleet(given)) return;
  const [got, mend] = told(given);
  throw new ReadfleetError('READFLEET_NOT_A_FLEET', `${call} takes a fleet, got: ${got}. ${mend}`);
}

/** By shape, as {@link assertFleet} does it. */
export function isFleet(given: unknown): given is Fleet {
  const { pool, writePool } = (given ?? {}) as Partial<Fleet>;
  return typeof pool?.lend === 'function' && typeof writePool?.lend === 'function';
}

/** What a value is, in a word and without what is in it: `undefined`, `a promise`, `Pool`. */
export function kindOf(given: unknown): string {
  if (given === null) return 'null';
  if (isPromise(given)) return 'a promise';
  const name = typeof given === 'object' ? given?.constructor?.name : undefined;
  return name ?? typeof given;
}

function told(given: unknown): readonly [got: string, mend: string] {
  if (isPromise(given)) return ['a promise', 'Await connect(…) first.'];
  if (isFleet((given as { fleet?: unknown } | null | undefined)?.fleet))
    return ['an object with a fleet in it', 'Give it the fleet itself.'];
  return [kindOf(given), 'Give it what connect(…) resolves with.'];
}

function isPromise(given: unknown): boolean {
  return typeof (given as { then?: unknown } | null | undefined)?.then === 'function';
}
