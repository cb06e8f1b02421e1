import { LatencyHistogram } from './histogram';
import { openLoop, tick } from './open-loop';

const DRAIN_MS = 10_000;

/** What users of an app met. */
export interface Met {
  readonly sent: number;
  /** With an error, or not at all. */
  readonly failed: number;
  /** Of reads, in milliseconds from the moment they were due. */
  readonly p50: number;
  readonly p95: number;
  readonly longestMs: number;
}

/** One request; says what it was. */
export type Request = (turn: number) => Promise<'read' | 'write'>;

/** Requests that come at their own rate, whatever becomes of the earlier ones. */
export async function atRate(request: Request, rate: number, lengthMs: number): Promise<Met> {
  const reads = new LatencyHistogram();
  let longestMs = 0;
  let failed = 0;
  let pending = 0;
  const send = async (turn: number, due: number) => {
    pending += 1;
    const kind = await request(turn).catch((error: unknown) => {
      failed += 1;
      console.error(error);
      return undefined;
    });
    pending -= 1;
    const ms = performance.now() - due;
    longestMs = Math.max(longestMs, ms);
    if (kind === 'read') reads.record(ms);
  };
  const sent = await openLoop(rate, lengthMs, (turn, due) => void send(turn, due));
  for (const end = performance.now() + DRAIN_MS; pending > 0 && performance.now() < end; ) await tick();
  return { sent, failed: failed + pending, p50: reads.quantile(0.5), p95: reads.quantile(0.95), longestMs };
}

/** As many requests as are answered, by callers who wait for their answers. @returns requests a second */
export async function asMany(request: Request, callers: number, lengthMs: number): Promise<number> {
  const begin = performance.now();
  const end = begin + lengthMs;
  let turn = 0;
  let done = 0;
  const caller = async () => {
    while (performance.now() < end) {
      turn += 1;
      await request(turn);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (done * 1_000) / (performance.now() - begin);
}
