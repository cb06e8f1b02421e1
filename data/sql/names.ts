import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { identifierProblem } from './identifier';

/** A column or table as people write it down: `created_at`, `message.created_at`, `chat.message`. */
export const nameSchema = z
  .string('Must be the name of a column or table.')
  .refine(
    (name) => name.split('.').every((part) => identifierProblem(part) === undefined),
    'Must be names between dots, each 1 to 63 bytes long, of well-formed Unicode without NUL.',
  );

/** A type as PostgreSQL writes it: `bigint`, `timestamp with time zone`, `numeric(10,2)`, `chat.mood`, `"Mood"`, `int[]`. It becomes part of a statement. */
export const typeSchema = z
  .string('Must be the name of a type.')
  .regex(
    /^(?:"[^"\0]+"|[a-z_][\w$]*)(?:\.(?:"[^"\0]+"|[a-z_][\w$]*))?(?: [a-z]+)*(?:\(\d+(?:, ?\d+)?\))?(?: [a-z]+)*(?:\[\])*$/i,
    'Must be the name of a type, e.g. "bigint" or "timestamp with time zone".',
  );

/** In quotes, so that it is this name to the letter and nothing else; a dot stands between a table or schema and what is in it. */
export function quoteName(name: string): string {
  return name.split('.').map(escapeIdentifier).join('.');
}
