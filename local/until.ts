import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until `probe` answers with something other than `undefined` or `false`.
 *
 * The timer is a referenced one: while a fleet's operation is under way, the event loop stays alive.
 *
 * @param deadlineMs how long to ask, in milliseconds
 * @param everyMs    pause between two questions, in milliseconds
 * @returns the answer, or `undefined` when the deadline passed
 */
export async function until<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs: number,
  everyMs = 5,
): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) return undefined;
    await delay(everyMs);
  }
}
