import type { QueryResultRow } from 'pg';
import {
  type Keyset,
  type KeysetOptions,
  keyset,
  type Page,
  type PageRequest,
  prismaKeyset,
} from '../../../data/paging';
import type { Fleet } from '../../../lib';
import type { LocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

export const SECRET = 'a secret of more than sixteen bytes';

/** Whatever age: for tests that wait for rows, not for freshness. */
export const ANY_AGE = { maxStalenessMs: Number.POSITIVE_INFINITY };

export interface Item extends QueryResultRow {
  readonly id: number;
}

/** Pages by `id` alone, where a test says nothing else. */
export function pagesBy(options: Partial<KeysetOptions> = {}): Keyset {
  return keyset({ orderBy: [], unique: 'id', secret: SECRET, ...options });
}

export function prismaPagesBy(options: Partial<KeysetOptions> = {}) {
  return prismaKeyset({ orderBy: [], unique: 'id', secret: SECRET, ...options });
}

/** Resolves when every replica shows what the primary has written so far. */
export async function replicated(local: LocalFleet): Promise<void> {
  const [written] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  for (const replica of local.replicas) {
    await eventually(async () => {
      const [row] = await replica.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
        written?.lsn,
      ]);
      return row?.there === true;
    });
  }
}

/** A page of the table `item`. */
export function itemsBy(fleet: Fleet, pages: Keyset, request: PageRequest): Promise<Page<Item>> {
  return pages.query<Item>(fleet, {
    text: ({ key, where, orderBy, limit }) => `select id, ${key} from item where ${where} ${orderBy} ${limit}`,
    ...request,
    read: ANY_AGE,
  });
}

/** The rows of every page of a list, one page after the other. */
export async function walk(
  next: (cursor: string | undefined) => Promise<Page<Item>>,
  way: 'forward' | 'backward' = 'forward',
): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: string | undefined;
  for (;;) {
    const { rows, pageInfo } = await next(cursor);
    pages.push(rows.map(({ id }) => id));
    const more = way === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (!more) return pages;
    cursor = (way === 'forward' ? pageInfo.endCursor : pageInfo.startCursor) ?? undefined;
  }
}
