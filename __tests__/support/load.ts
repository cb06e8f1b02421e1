import { setImmediate } from 'node:timers/promises';

/** What a load met. */
export interface LoadResult {
  readonly done: number;
  readonly failures: unknown[];
}

/**
 * Keeps `callers` callers asking, each the next time as soon as its last was answered.
 *
 * @returns ends the load; resolves when every question under way was answered
 */
export function keepAsking(callers: number, ask: (turn: number) => Promise<unknown>): () => Promise<LoadResult> {
  let going = true;
  let turn = 0;
  let done = 0;
  const failures: unknown[] = [];
  const asking = Array.from({ length: callers }, async () => {
    while (going) {
      try {
        turn += 1;
        await ask(turn);
        done += 1;
      } catch (error) {
        failures.push(error);
        // Whoever fails at once, again and again, must not keep everybody else from running.
        await setImmediate();
      }
    }
  });
  return async () => {
    going = false;
    await Promise.all(asking);
    return { done, failures };
  };
}
