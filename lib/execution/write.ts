import type { QueryResult } from 'pg';
import type { Timer } from '../clock';
import { ReadfleetError } from '../errors';
import type { Member, Statement } from '../members/member';
import { refuse } from './refuse';

/** What bounds a write. */
export interface WriteLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Why the primary takes no writes, as an error that is told at once: nothing was sent, so it is safe to try again later.
 *
 * A lost connection alone is no reason: the primary must have failed to answer when it was asked.
 */
export function writerRefusal(writer: Member): ReadfleetError | undefined {
  if (writer.forcedOpen) {
    return new ReadfleetError(
      'READFLEET_BREAKER_OPEN',
      `${writer.name}: the breaker of the primary was opened by hand, so nothing is sent to it. Call breaker('${writer.name}').reset().`,
    );
  }
  const { sighting, failure } = writer.facts;
  const silent = writer.silentSince !== undefined;
  if (!silent && !(sighting?.recovering && failure === undefined)) return undefined;
  const why = silent ? `it does not answer: ${failure}` : 'it is in recovery';
  return new ReadfleetError(
    'READFLEET_NO_WRITER',
    `${writer.name} cannot be written: ${why}. Nothing was sent: try again once it is back, or a replica has been promoted.`,
    { trace: { attempts: [], passedOver: [{ member: writer.name, reason: why }] } },
  );
}

/** Whether it is what {@link writerRefusal} says: nothing was sent. */
export function wasRefused(error: unknown): boolean {
  return ReadfleetError.is(error) && (error.code === 'READFLEET_NO_WRITER' || error.code === 'READFLEET_BREAKER_OPEN');
}

/**
 * Runs a statement on the primary, once: what was sent and not answered may have been done, and is never sent again.
 *
 * @throws ReadfleetError `READFLEET_NO_WRITER`, `READFLEET_BREAKER_OPEN`, `READFLEET_TIMEOUT`
 * @throws what PostgreSQL says, as `pg` made it; the signal's reason
 */
export function runWrite(writer: Member, statement: Statement, limits: WriteLimits | undefined): Promise<QueryResult> {
  const refusal = writerRefusal(writer);
  if (refusal) return refuse(refusal);
  if (limits?.signal === undefined && limits?.timeoutMs === undefined) return writer.run(statement, false);
  const { signal, timeoutMs } = limits;
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    const end = () => {
      timer?.cancel();
      signal?.removeEventListener('abort', abort);
    };
    const work = writer.start(statement, false, (error, result) => {
      end();
      if (error) reject(error);
      else resolve(result as QueryResult);
    });
    const giveUp = (reason: unknown) => {
      if (!work.cancel()) return;
      end();
      reject(reason);
    };
    const abort = () => giveUp(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    if (timeoutMs === undefined) return;
    timer = writer.clock.after(timeoutMs, () => {
      giveUp(
        new ReadfleetError(
          'READFLEET_TIMEOUT',
          `${writer.name} did not answer a write within its ${timeoutMs} ms. It was cancelled there; whether it had been done by then is not known.`,
        ),
      );
    });
  });
}
