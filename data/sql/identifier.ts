import { escapeIdentifier } from 'pg';

/** PostgreSQL cuts what is longer, and would take another table or column for it. */
const LONGEST_BYTES = 63;

/** Half of a pair: UTF-8 has no bytes for it, so that what is sent would be another name. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What keeps a text from being the name of a table or column, in the words of a problem; undefined when nothing does. */
export function identifierProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'Must be a text.';
  if (name === '') return 'Must not be empty.';
  if (name.includes('\0')) return 'Must not have a NUL in it.';
  if (LONE_SURROGATE.test(name)) return 'Must be well-formed Unicode.';
  if (Buffer.byteLength(name) > LONGEST_BYTES) return `Must not be longer than ${LONGEST_BYTES} bytes.`;
  return undefined;
}

/** In quotes, so that it is this name to the letter and nothing else: capitals, dots, keywords and quotes are a part of it. */
export function quote(name: string): string {
  return escapeIdentifier(name);
}
