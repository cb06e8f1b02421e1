import { inspect } from 'node:util';
import { ReadfleetError } from '../../../lib/errors';
import type { RecordedStatement } from './statement';

/** A role, or the name of a member. `replicas` is the same as `replica`. */
export type Where = 'replica' | 'replicas' | 'primary' | (string & {});

/** What a {@link Where} comes to. */
export interface Place {
  /** For people. */
  readonly told: string;
  has(read: RecordedStatement): boolean;
}

/**
 * A name that nobody has is refused: with it "no read from there" would hold whatever happens.
 *
 * @param where as a test gives it
 * @param names of all members that the fleet has, or had
 * @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER`
 */
export function placeOf(where: unknown, names: readonly string[]): Place {
  if (where === 'replica' || where === 'replicas') return { told: 'a replica', has: ({ role }) => role === 'replica' };
  if (where === 'primary') return { told: 'the primary', has: ({ role }) => role === 'primary' };
  if (typeof where === 'string' && names.includes(where)) {
    return { told: where, has: ({ member }) => member === where };
  }
  throw new ReadfleetError(
    'READFLEET_LOCAL_NO_MEMBER',
    `Reads come from 'replica', 'primary' or the name of a member, got: ${inspect(where)}. The fleet has or had: ${names.join(', ')}.`,
  );
}
