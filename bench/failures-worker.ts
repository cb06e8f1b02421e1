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
  readonly load: Omit<LoadOptions, 'primaryHas'>;
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

/** Writes the time to the row that is read, on the primary; gives what the primary is known to have. */
async function beat({ primary, user, password, database }: Target): Promise<() => number> {
  const client = new Client({ ...primary, user, password, database });
  await client.connect();
  let has = 0;
  const write = async () => {
    const now = performance.now();
    await client.query('update note set body = $1 where id = 1', [String(now)]);
    has = now;
    setTimeout(write, BEAT_MS);
  };
  await write();
  return () => has;
}

async function work({ candidate, target, slowEvery, load }: Order): Promise<void> {
  const router = await candidateOf(candidate)
    .open(target)
    .catch((error: unknown) => {
      tell({ kind: 'refused', error: codeOf(error) });
      return undefined;
    });
  if (!router) return;
  const primaryHas = await beat(target);
  // Until the replicas have replayed the first beat.
  await delay(500);
  tell({ kind: 'reading' });
  const read = async (index: number) =>
    router.body(await (slowEvery && index % slowEvery === 0 ? router.slowRead(1) : router.read(1)));
  tell({ kind: 'done', result: await runLoad(read, { ...load, primaryHas }) });
}

process.on('uncaughtExceptionMonitor', (error) => tell({ kind: 'died', error: codeOf(error) }));
process.once('message', (order: Order) => void work(order));
tell({ kind: 'ready' });
