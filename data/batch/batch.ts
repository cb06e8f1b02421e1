import type { QueryResultRow } from 'pg';
import { z } from 'zod';
import type { Fleet, ReadOptions } from '../../lib';
import { InvalidConfigError, ReadfleetError } from '../../lib/errors';
import { formatProblems, problemsOf } from '../../lib/problems';
import { ask, isFleet, type Queryable } from '../sql/ask';
import {
  type CountsOf,
  checkDefinition,
  type Definition,
  type Kind,
  type LatestOf,
  type ManyOf,
  type RowsOf,
  type SumAs,
  type SumsOf,
} from './definitions';
import type { BatchKey } from './keys';
import { BatchLoader } from './loader';
import { aggregateSql, PLACE, rowsSql, VALUE } from './statements';
import { type Sums, sumOf } from './sums';

/** The part of a fleet that a batch needs. */
export type BatchFleet = Pick<Fleet, 'query' | 'session'>;

/** How a batch asks: with which options of a read, how many keys in one statement, and whether it keeps what it was told. */
export interface BatchOptions {
  /** What its reads ask for: endpoint, staleness, priority, … With a fleet alone. */
  readonly read?: ReadOptions | undefined;
  /** Most keys of one statement: more go out as several, at once. @default 1000 */
  readonly maxBatchSize?: number | undefined;
  /**
   * Whether a value that was loaded is kept, within a session for that session. For loaders that are made for one request, and where nothing is written:
   * what is kept shows no later write.
   * @default false - only loads of the same tick share a value
   */
  readonly cache?: boolean | undefined;
}

const optionsSchema = z.strictObject({
  read: z
    .custom<ReadOptions>((value) => typeof value === 'object' && value !== null, 'Must be options of a read.')
    .optional(),
  maxBatchSize: z.int('Must be a whole number.').min(1, 'Must be 1 or more.').optional(),
  cache: z.boolean('Must be true or false.').optional(),
});

const MAX_BATCH_SIZE = 1_000;

/** A row of an answer. */
type Answer = Readonly<Record<string, unknown>>;

/** Makes loaders that turn one question for each key into one statement for all of them. Made by {@link batch}. */
export class Batch {
  /** @internal use {@link batch} */
  constructor(
    private readonly on: BatchFleet | Queryable,
    private readonly options: BatchOptions,
  ) {}

  /** How many rows each key has; 0 for one without. */
  counts<Key extends BatchKey = BatchKey>(definition: CountsOf): BatchLoader<Key, number> {
    return this.loader('counts', definition, aggregateSql, (rows) => (rows[0]?.[VALUE] ?? 0) as number);
  }

  /**
   * The sum of a column over the rows of each key; 0 for one without.
   *
   * A load rejects with ReadfleetError `READFLEET_BATCH_INEXACT` when its sum is no such number.
   */
  sums<Key extends BatchKey = BatchKey>(definition: SumsOf & { readonly as: 'bigint' }): BatchLoader<Key, bigint>;
  sums<Key extends BatchKey = BatchKey>(definition: SumsOf & { readonly as: 'text' }): BatchLoader<Key, string>;
  sums<Key extends BatchKey = BatchKey>(
    definition: SumsOf & { readonly as?: 'number' | undefined },
  ): BatchLoader<Key, number>;
  sums<Key extends BatchKey>(definition: SumsOf): BatchLoader<Key, Sums[SumAs]> {
    const { as = 'number' } = definition;
    return this.loader<Key, Sums[SumAs]>('sums', definition, aggregateSql, (rows) =>
      sumOf(rows[0]?.[VALUE] as string | undefined, as),
    );
  }

  /** The first row of each key in an order; undefined for one without. An index on (key, order) makes it one row read for each key. */
  latest<Row extends object = QueryResultRow, Key extends BatchKey = BatchKey>(
    definition: LatestOf,
  ): BatchLoader<Key, Row | undefined> {
    const sql = (checked: Definition) => rowsSql({ ...checked, limit: 1 });
    return this.loader('latest', definition, sql, (rows) => rows[0] as Row | undefined);
  }

  /**
   * The row of each key, by a column that is unique; undefined for one without.
   *
   * A load rejects with ReadfleetError `READFLEET_BATCH_NOT_UNIQUE` when its key has two.
   */
  rowsBy<Row extends object = QueryResultRow, Key extends BatchKey = BatchKey>(
    definition: RowsOf,
  ): BatchLoader<Key, Row | undefined> {
    return this.loader<Key, Row | undefined>('rowsBy', definition, rowsSql, (rows) =>
      rows.length > 1 ? notUnique(definition) : (rows[0] as Row | undefined),
    );
  }

  /** The rows of each key in an order, at most `limit` of them; none for one without. */
  many<Row extends object = QueryResultRow, Key extends BatchKey = BatchKey>(
    definition: ManyOf,
  ): BatchLoader<Key, Row[]> {
    return this.loader('many', definition, rowsSql, (rows) => rows as Row[]);
  }

  private loader<Key extends BatchKey, Value>(
    kind: Kind,
    definition: Definition,
    sqlOf: (definition: Definition) => string,
    pick: (rows: readonly Answer[]) => Value | Error,
  ): BatchLoader<Key, Value> {
    const { on, options } = this;
    const checked = checkDefinition(kind, definition);
    const text = sqlOf(checked);
    const load = async (keys: readonly string[]) => {
      const answers = await ask(on, text, [...(checked.values ?? []), keys], options.read);
      const ofKeys = keys.map((): Answer[] => []);
      for (const { [PLACE]: place, ...row } of answers) ofKeys[(place as number) - 1]?.push(row);
      return ofKeys.map(pick);
    };
    return new BatchLoader(load, {
      type: checked.type,
      cache: options.cache ?? false,
      maxBatchSize: options.maxBatchSize ?? MAX_BATCH_SIZE,
      session: () => (isFleet(on) ? (on as Fleet).internals.sessions.current() : undefined),
    });
  }
}

/**
 * Batched reads: what is asked for one key at a time, in one tick, is asked for in one statement.
 *
 * ```ts
 * const unread = batch(fleet).counts<string>({ from: 'message', by: 'conversation_id', type: 'uuid', where: 'read_at is null' });
 * await Promise.all(conversations.map(async (one) => ({ ...one, unread: await unread.load(one.id) })));
 * ```
 *
 * On a fleet each statement is a read like any other: routed, within its bound of staleness, part of the session that its loads were called in.
 *
 * @throws InvalidConfigError `READFLEET_BATCH_OPTIONS`
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET` for a pool of a fleet, which would hide whose session a load is of
 */
export function batch(fleet: BatchFleet, options?: BatchOptions): Batch;
/** The same on a pool or client of `pg`, or in a transaction: each statement goes there, and belongs to no session. */
export function batch(on: Queryable, options?: Omit<BatchOptions, 'read'>): Batch;
export function batch(on: BatchFleet | Queryable, options: BatchOptions = {}): Batch {
  const result = optionsSchema.safeParse(options);
  if (!result.success) {
    const problems = problemsOf(result.error, options, 'READFLEET_BATCH_OPTIONS');
    throw new InvalidConfigError('READFLEET_BATCH_OPTIONS', formatProblems('batch() options', problems), problems);
  }
  if ('poolsChanged' in on) {
    throw new ReadfleetError(
      'READFLEET_NOT_A_FLEET',
      'batch() was given a pool of a fleet, which does not tell sessions apart: loads of two sessions would be one statement. Give it the fleet.',
    );
  }
  return new Batch(on, options);
}

function notUnique({ from, by }: RowsOf): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_BATCH_NOT_UNIQUE',
    `rowsBy() found two rows of "${from}" with the same "${by}": it is for columns that are unique. Use many(), or latest().`,
  );
}
