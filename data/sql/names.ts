import { escapeIdentifier } from 'pg';
import { z } from 'zod';

/** PostgreSQL cuts what is longer, and would take another column for it. */
const LONGEST_BYTES = 63;

/** A column or table as people write it down: `created_at`, `message.created_at`, `chat.message`. */
export const nameSchema = z
  .string('Must be the name of a column or table.')
  .refine(
    (name) => name.split('.').every((part) => part !== '' && !part.includes('\0') && bytes(part) <= LONGEST_BYTES),
    `Must be names between dots, each 1 to ${LONGEST_BYTES} bytes long.`,
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

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
