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

const TYPE_NAME = /(?:"[^"\0]+"|[a-z_][\w$]*)(?:\.(?:"[^"\0]+"|[a-z_][\w$]*))?/.source;
const TYPE = new RegExp(
  `^(?<name>${TYPE_NAME}(?: [a-z]+)*)(?:\\(\\d+(?:, ?\\d+)?\\))?(?<after>(?: [a-z]+)*)(?<lists>(?:\\[\\])*)$`,
  'i',
);

/** A type as PostgreSQL writes it: `bigint`, `timestamp with time zone`, `numeric(10,2)`, `chat.mood`, `"Mood"`, `int[]`. It becomes part of a statement. */
export const typeSchema = z
  .string('Must be the name of a type.')
  .regex(TYPE, 'Must be the name of a type, e.g. "bigint" or "timestamp with time zone".');

/** Types that have a length though none is said, and what they are without one. `pg_catalog.bit` is the only way to write a `bit` of any length. */
const ANY_LENGTH = new Map([
  ...['char', 'character', 'nchar', 'national char', 'national character'].map((name) => [name, 'bpchar'] as const),
  ['bit', 'pg_catalog.bit'],
]);

/**
 * The type for a value that is compared with a column: without length and precision, as PostgreSQL takes `column = $1`.
 *
 * A cast to a type with a length cuts off or rounds without a word: `'abcdef'::varchar(3)` is `abc`, and would find the row of another value.
 */
export function comparedType(type: string): string {
  const { name = type, after = '', lists = '' } = TYPE.exec(type)?.groups ?? {};
  const plain = name.toLowerCase();
  // Its number chooses the type: up to 24 it is a real.
  if (plain === 'float') return type;
  // The words say down to which field it is cut: `interval day to minute`.
  if (/^interval\b/.test(plain)) return `interval${lists}`;
  return `${ANY_LENGTH.get(plain) ?? name}${after}${lists}`;
}

/** In quotes, so that it is this name to the letter and nothing else; a dot stands between a table or schema and what is in it. */
export function quoteName(name: string): string {
  return name.split('.').map(escapeIdentifier).join('.');
}
