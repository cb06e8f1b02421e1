import { dueAt, dueReads } from './schedule';

/**
 * Calls `send` at a steady rate for a while, whatever becomes of what was sent; returns when the last has been sent.
 *
 * @param rate calls a second
 * @param send gets the number of the call, and when it was due on the clock of `performance.now()`: waits are counted from there
 * @returns how often it was called
 */
export async function openLoop(
  rate: number,
  lengthMs: number,
  send: (index: number, due: number) => void,
): Promise<number> {
  const begin = performance.now();
  let sent = 0;
  for (let elapsed = 0; ; elapsed = performance.now() - begin) {
    for (const due = dueReads(elapsed, rate, lengthMs); sent < due; sent += 1) send(sent, begin + dueAt(sent, rate));
    if (elapsed >= lengthMs) return sent;
    await tick();
  }
}

/** A millisecond or so, in which answers come in. */
export function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
