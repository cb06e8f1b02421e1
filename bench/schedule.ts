/**
 * How many reads of an open-loop load are due: they come at their own rate, whether or not the earlier ones were answered, as an app's users do.
 *
 * A closed loop would send nothing while it waits, and hide a stall behind the few reads that it hit ("coordinated omission").
 *
 * @param elapsedMs since the load began
 * @param rate reads a second
 * @param lengthMs of the whole load; what is due later is not sent
 */
export function dueReads(elapsedMs: number, rate: number, lengthMs: number): number {
  const all = Math.ceil((rate * lengthMs) / 1_000);
  // The first is due at once, the last before the end.
  return Math.min(all, Math.floor((rate * elapsedMs) / 1_000) + 1);
}

/** When a read is due, in milliseconds since the load began: its wait is counted from here, not from when we came to send it. */
export function dueAt(index: number, rate: number): number {
  return (index * 1_000) / rate;
}
