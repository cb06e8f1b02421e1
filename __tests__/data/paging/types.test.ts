import type { Pool, PoolClient } from 'pg';
import { KEY, type Keyset, type Page, type PageText, type SqlTag } from '../../../data/paging';
import type { Fleet, Transaction } from '../../../lib';
import { pagesBy } from './support';

/** True when both are the same type, to the letter. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
function holds<_ extends true>(): void {
  // The compiler has judged.
}

interface Message {
  readonly id: string;
  readonly body: string;
}

declare const text: PageText;
declare const pages: Keyset;
declare const fleet: Fleet;
declare const pool: Pool;
declare const client: PoolClient;
declare const transaction: Transaction;

test('what a page is asked of, and with what', () => {
  // Never called: what is here must compile, or must not.
  const compiles = async () => {
    const page = await pages.query<Message>(fleet, {
      text,
      first: 10,
      read: { maxStalenessMs: 500, endpoint: 'list' },
    });
    holds<Same<typeof page, Page<Message>>>();
    await pages.query<Message>(fleet.readPool, { text });
    await pages.query(pool, { text });
    await pages.query(client, { text });
    await pages.query(transaction, { text });
    // @ts-expect-error a pool heeds no options of a read
    await pages.query(pool, { text, read: { maxStalenessMs: 500 } });
    // @ts-expect-error there is no such option of a read
    await pages.query(fleet, { text, read: { stale: true } });
    // @ts-expect-error cursors are texts
    await pages.query(fleet, { text, after: 7 });
  };
  expect(compiles).toBeDefined();
});

test('the rows of a page are the rows that were selected, without the key', () => {
  const page = pagesBy().page([{ id: 1, [KEY]: '["1"]' }], {});
  holds<Same<(typeof page)['rows'], readonly Omit<{ id: number; [KEY]: string }, typeof KEY>[]>>();
  expect(page.rows).toEqual([{ id: 1 }]);
});

test('the tags of query builders fit: those that take anything, strings alone, or make a promise', () => {
  const drizzle = <T>(strings: TemplateStringsArray, ...params: unknown[]) => ({
    strings,
    params,
    type: undefined as T,
  });
  const prisma = (strings: readonly string[], ...values: (string | number | object | null)[]) => ({ strings, values });
  const tags: SqlTag<object>[] = [drizzle, prisma];
  for (const tag of tags) expect(pagesBy().parts(tag, {}).orderBy).toHaveProperty(['strings', 0], '"id" asc');
});
