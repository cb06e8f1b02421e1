import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to ask before the last refusal counts, in milliseconds. @default 20000 */
  readonly timeoutMs?: number;
  /** Pause between two tries, in milliseconds. @default 10 */
  readonly everyMs?: number;
}

/**
 * Runs `check` until it neither throws nor returns `false`, and returns what it returned: waiting without a sleep.
 *
 * @throws what the last try threw, once the time is over
 */
export async function eventually<T>(check: () => Promise<T> | T, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 20_000, everyMs = 10 } = options;
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result;
      if (performance.now() >= end) throw new Error(`still false after ${timeoutMs} ms: ${check}`);
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
    await delay(everyMs);
  }
}
