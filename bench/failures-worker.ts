/** One candidate under load, in a process of its own that may die or hang: started by bench/failures.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { candidateOf } from './candidates';
import { codeOf, type LoadOptions, type LoadResult, runLoad } from './load';
import type { Target } from './peers/peer';

export interface Order {
  readonly candidate: string;
  readonly target: Target;
  readonly slowEvery: number | undefined;
  readonly load: Omit<LoadOptions, 'primaryHad'>;
}

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'died'; readonly error: string }
  | { readonly kind: 'done'; readonly result: LoadResult };

/** How often the row that is read changes, in milliseconds. */
const BEAT_MS = 20;

function tell(report: Report): void {
  process.send?.(report);
}

/** Counts in the row that is read, on the primary; tells what the primary was known to have at a moment. */
async function beat({ primary, user, password, database }: Target): Promise<(at: number) => number> {
  const client = new Client({ ...primary, user, password, database });
  await client.connect();
  const knownAt: number[] = [];
  const write = async () => {
    await client.query('update note set body = $1 where id = 1', [String(knownAt.length)]);
    knownAt.push(performance.now());
    setTimeout(write, BEAT_MS);
  };
  await write();
  // Moments only grow, so the search goes on where the last one ended.
  let count = 0;
  return (at) => {
    while ((knownAt[count] ?? Number.POSITIVE_INFINITY) <= at) count += 1;
    return count - 1;
  };
}

async function work({ candidate, target, slowEvery, load }: Order): Promise<void> {
  const router = await candidateOf(candidate)
    .open(target)
    .catch((error: unknown) => {
      tell({ kind: 'refused', error: codeOf(error) });
      return undefined;
    });
  if (!router) return;
  const primaryHad = await beat(target);
  // Until the replicas have replayed the first beat.
  await delay(500);
  tell({ kind: 'reading' });
  const read = async (index: number) =>
    router.body(await (slowEvery && index % slowEvery === 0 ? router.slowRead(1) : router.read(1)));
  tell({ kind: 'done', result: await runLoad(read, { ...load, primaryHad }) });
}

process.on('uncaughtExceptionMonitor', (error) => tell({ kind: 'died', error: codeOf(error) }));
process.once('message', (order: Order) => void work(order));
tell({ kind: 'ready' });
