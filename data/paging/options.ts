import { z } from 'zod';
import { InvalidConfigError } from '../../lib/errors';
import { formatProblems, type Problem, problemsOf } from '../../lib/problems';
import { nameSchema, typeSchema } from '../sql/names';
import { type OrderColumn, orderColumnSchema, orderSql } from '../sql/order';
import { Cursors } from './cursor';

/** A column by which pages are ordered. */
export interface KeyColumn extends OrderColumn {
  /**
   * Its type, as PostgreSQL writes it. Needed only with a driver that types its parameters itself, such as Prisma's raw queries.
   * @default - what PostgreSQL infers from the comparison with the column
   */
  readonly type?: string | undefined;
}

/** What a keyset is made of: its order, and what signs its cursors. */
export interface KeysetOptions {
  /** What comes first, what decides among equals, and so on. */
  readonly orderBy: readonly KeyColumn[];
  /**
   * The columns that together tell every row from every other, and are NOT NULL: the primary key, say. Without them rows that are equal in all else would
   * be skipped. Those that are not in `orderBy` are added at its end, in the direction of its last column.
   */
  readonly unique: string | readonly string[];
  /**
   * Signs cursors, so that nobody can make or change one: 16 bytes or more, the same in every process. Of several the first signs, and all are
   * taken: to change it, put the new one first, and drop the old one when no client has its cursors any more. `false`: cursors are not signed.
   */
  readonly secret: string | Uint8Array | readonly (string | Uint8Array)[] | false;
  /** Tells lists apart whose order is the same: a cursor of one is refused by the other. @default "" */
  readonly name?: string | undefined;
  /** Rows of a page whose request does not say. @default 50 */
  readonly pageSize?: number | undefined;
  /** Most rows that a request may ask for. @default 1000 */
  readonly maxPageSize?: number | undefined;
}

/** {@link KeysetOptions}, checked and complete. */
export interface Ordering {
  readonly keys: readonly KeyColumn[];
  readonly cursors: Cursors;
  readonly pageSize: number;
  readonly maxPageSize: number;
}

const SECRET_BYTES = 16;

/** In one piece, and told without its value: of a list only one may be wrong, and the others would be printed. */
const secretSchema = z.custom<KeysetOptions['secret']>(
  (value) => value === false || (secretsOf(value).length > 0 && secretsOf(value).every(isSecret)),
  {
    error: `Must be a text or bytes, ${SECRET_BYTES} bytes or more; or a list of them, the one that signs first; or false for cursors that are not signed.`,
    params: { code: 'READFLEET_PAGING_OPTIONS', got: '(hidden)' },
  },
);
const sizeSchema = z.int('Must be a whole number.').min(1, 'Must be 1 or more.');

const schema = z
  .strictObject({
    orderBy: z.array(orderColumnSchema.extend({ type: typeSchema.optional() }), 'Must be a list of columns.'),
    unique: z.union([nameSchema, z.array(nameSchema).min(1, 'Must name one column or more, e.g. "id".')]),
    secret: secretSchema,
    name: z.string('Must be a text.').optional(),
    pageSize: sizeSchema.optional(),
    maxPageSize: sizeSchema.optional(),
  })
  .superRefine(({ orderBy, unique, pageSize, maxPageSize }, context) => {
    const say = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [place, { column, nulls }] of orderBy.entries()) {
      if (orderBy.findIndex((other) => other.column === column) < place)
        say(['orderBy', place, 'column'], 'Stands there twice; the second decides nothing.');
      if (nulls && namesOf(unique).includes(column))
        say(
          ['orderBy', place, 'nulls'],
          'A column of `unique` must be NOT NULL: PostgreSQL holds two NULLs for different. Leave it out.',
        );
    }
    if (pageSize !== undefined && pageSize > (maxPageSize ?? MAX_PAGE_SIZE))
      say(['pageSize'], 'Must not be more than maxPageSize.');
  });

const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1_000;

/**
 * @param kind of cursor, beside its ordering: what writes other values must not read these
 * @throws InvalidConfigError `READFLEET_PAGING_OPTIONS`, with every problem at once
 */
export function orderingOf(options: KeysetOptions, kind: string): Ordering {
  const result = schema.safeParse(options);
  if (!result.success) throw refused(problemsOf(result.error, options, 'READFLEET_PAGING_OPTIONS'));
  const { orderBy, unique, secret, name = '', maxPageSize = MAX_PAGE_SIZE } = result.data;
  const last = orderBy.at(-1)?.direction;
  const missing = namesOf(unique).filter((column) => !orderBy.some((other) => other.column === column));
  const keys: KeyColumn[] = [...orderBy, ...missing.map((column) => ({ column, direction: last }))];
  const identity = keys.map((key) => [key.column, orderSql(key), key.direction ?? 'asc', key.nulls ?? '']);
  return {
    keys,
    cursors: new Cursors({
      identity: JSON.stringify([kind, name, identity]),
      nullable: keys.map(({ nulls }) => nulls !== undefined),
      secrets: secretsOf(secret),
    }),
    pageSize: result.data.pageSize ?? Math.min(PAGE_SIZE, maxPageSize),
    maxPageSize,
  };
}

function secretsOf(secret: unknown): readonly (string | Uint8Array)[] {
  return secret === false ? [] : Array.isArray(secret) ? secret : [secret as string];
}

function isSecret(value: unknown): boolean {
  return (typeof value === 'string' || value instanceof Uint8Array) && Buffer.byteLength(value) >= SECRET_BYTES;
}

function namesOf(unique: string | readonly string[]): readonly string[] {
  return typeof unique === 'string' ? [unique] : unique;
}

function refused(problems: readonly Problem[]): InvalidConfigError {
  return new InvalidConfigError('READFLEET_PAGING_OPTIONS', formatProblems('keyset() options', problems), problems);
}
