import { z } from 'zod';
import type { Problem } from '../../../lib/problems';

/**
 * A check of what hangs together of several properties.
 *
 * It runs when the properties it reads are of the right kind, whatever else is wrong with the document. So the schemas in
 * `reads` ask for as little as the check needs: no ranges, no strictness about other keys.
 */
export interface Rule {
  readonly reads: z.ZodType;
  readonly check: (parts: never) => readonly Problem[];
}

/** A rule whose check sees what `reads` let through. */
export function rule<T>(reads: z.ZodType<T>, check: (parts: T) => readonly Problem[]): Rule {
  return { reads, check };
}

/** A property by any name, of which only the names are read. */
export const named = z.record(z.string(), z.unknown());
