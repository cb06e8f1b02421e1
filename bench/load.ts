import { LatencyHistogram } from './histogram';
import { openLoop, tick } from './open-loop';

/** What a server that went its own way after a promotion says; no primary ever wrote it. */
export const DIVERGENT = 'divergent';

const MOST_WRAPPED = 5;
const MESSAGE_LENGTH = 60;

export interface LoadOptions {
  /** Reads a second. */
  readonly rate: number;
  readonly lengthMs: number;
  /** How long to wait after the last read for what has not been answered; then it is cut off. */
  readonly graceMs: number;
  /** A read counts as stale when it shows less than the primary had so long before it was sent. */
  readonly staleMs: number;
  /** What the primary was known to have at a moment of `performance.now()`: the text that a read should give, a number that grows. */
  readonly primaryHad: (at: number) => number;
}

export interface LoadResult {
  readonly sent: number;
  /** With an error, or with no answer at all before they were cut off. */
  readonly failed: number;
  /** Those of `failed` that were never answered. */
  readonly unanswered: number;
  readonly stale: number;
  /** Showed what the primary never had. */
  readonly divergent: number;
  /** Milliseconds from the moment a read was due to its answer, error or cut-off; of reads that were cut off: at least. */
  readonly longestMs: number;
  readonly p99Ms: number;
  /** How often each error came, by its code. */
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * Reads at a steady rate, whatever becomes of the earlier ones.
 *
 * @param read one read; gives the text that {@link LoadOptions.primaryHad} is compared with
 * @param index counts the reads, so that some may differ
 */
export async function runLoad(
  read: (index: number) => Promise<string | undefined>,
  { rate, lengthMs, graceMs, staleMs, primaryHad }: LoadOptions,
): Promise<LoadResult> {
  const histogram = new LatencyHistogram();
  const pending = new Map<number, number>();
  const errors: Record<string, number> = {};
  const counts = { failed: 0, stale: 0, divergent: 0 };
  let over = false;

  const send = async (index: number, due: number) => {
    const owed = primaryHad(performance.now() - staleMs);
    pending.set(index, due);
    let failure: unknown;
    const text = await read(index).catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    // What comes after the cut-off was counted there.
    if (over) return;
    pending.delete(index);
    histogram.record(performance.now() - due);
    if (text === undefined) {
      counts.failed += 1;
      const code = failure === undefined ? 'no row' : codeOf(failure);
      errors[code] = (errors[code] ?? 0) + 1;
    } else if (text === DIVERGENT) counts.divergent += 1;
    else if (!(Number(text) >= owed)) counts.stale += 1;
  };

  const sent = await openLoop(rate, lengthMs, send);
  const cutOff = performance.now() + graceMs;
  while (pending.size > 0 && performance.now() < cutOff) await tick();

  over = true;
  for (const due of pending.values()) histogram.record(performance.now() - due);
  return {
    sent,
    ...counts,
    failed: counts.failed + pending.size,
    unanswered: pending.size,
    longestMs: histogram.longestMs,
    p99Ms: histogram.quantile(0.99),
    errors,
  };
}

/** The code of PostgreSQL, the system or readfleet in an error, however deep an ORM wrapped it; else what the innermost one says. */
export function codeOf(error: unknown): string {
  let inner = error as Wrapped;
  for (let depth = 0; depth < MOST_WRAPPED; depth += 1) {
    if (typeof inner.code === 'string') return inner.code;
    const next = inner.original ?? inner.driverError ?? inner.parent ?? inner.cause;
    if (typeof next !== 'object' || next === null) break;
    inner = next;
  }
  return (inner.message || inner.name || String(error)).split('\n')[0]?.slice(0, MESSAGE_LENGTH) ?? '';
}

interface Wrapped {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly original?: unknown;
  readonly parent?: unknown;
  readonly driverError?: unknown;
}
