import type { Pool } from 'pg';
import { type BatchLoader, batch } from '../../../data/batch';
import type { Fleet, Transaction } from '../../../lib';

/** True when both are the same type, to the letter. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
function holds<_ extends true>(): void {
  // The compiler has judged.
}

interface Note {
  readonly id: string;
}

declare const fleet: Fleet;
declare const pool: Pool;
declare const transaction: Transaction;

test('loads are typed', () => {
  // Never called: what is here must compile, or must not.
  const compiles = async () => {
    const notes = { from: 'note', by: 'author', type: 'uuid' };
    const orderBy = [{ column: 'id' }];
    const made = batch(fleet, { read: { maxStalenessMs: 500 } });
    const counts = made.counts<string>(notes);
    holds<Same<typeof counts, BatchLoader<string, number>>>();
    holds<Same<Awaited<ReturnType<typeof counts.loadMany>>, number[]>>();
    holds<Same<ReturnType<typeof exact.load>, Promise<bigint>>>();
    const exact = made.sums({ ...notes, of: 'size', as: 'bigint' });
    const text = made.sums({ ...notes, of: 'size', as: 'text' });
    holds<Same<ReturnType<typeof text.load>, Promise<string>>>();
    const sums = made.sums({ ...notes, of: 'size' });
    holds<Same<ReturnType<typeof sums.load>, Promise<number>>>();
    const latest = made.latest<Note, string>({ ...notes, orderBy });
    holds<Same<ReturnType<typeof latest.load>, Promise<Note | undefined>>>();
    const many = made.many<Note>({ ...notes, orderBy, limit: 3 });
    holds<Same<ReturnType<typeof many.load>, Promise<Note[]>>>();
    // @ts-expect-error its keys are texts
    await counts.load(7);
    // @ts-expect-error a key is a text or a number
    await many.load(new Date());
    // @ts-expect-error what is the latest, needs an order
    made.latest(notes);
    batch(pool).counts(notes);
    batch(transaction, { cache: true }).counts(notes);
    // @ts-expect-error a pool heeds no options of a read
    batch(pool, { read: { maxStalenessMs: 500 } });
  };
  expect(compiles).toBeDefined();
});
