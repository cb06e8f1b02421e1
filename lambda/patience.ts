import { type Clock, sleep } from '../lib/clock';

/** What passes by itself: a name that is not known yet, a server that starts, an endpoint that is being made. */
const PASSING = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  // PostgreSQL: cannot_connect_now, too_many_connections.
  '57P03',
  '53300',
]);

export interface Patience {
  /** Milliseconds after which the last failure counts. */
  readonly limitMs: number;
  /** Milliseconds between two tries. */
  readonly pauseMs: number;
  readonly clock: Clock;
}

/**
 * What `attempt` returns, tried again while it fails with something that passes by itself.
 *
 * @throws what the last try threw; at once when it is of the other kind, such as a wrong password
 */
export async function patiently<T>(attempt: () => Promise<T>, { limitMs, pauseMs, clock }: Patience): Promise<T> {
  const end = clock.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error) || clock.now() + pauseMs > end) throw error;
    }
    await sleep(clock, pauseMs);
  }
}

function isPassing(error: unknown): boolean {
  const { code, errors, message } = (error ?? {}) as { code?: unknown; errors?: unknown; message?: unknown };
  if (typeof code === 'string' && PASSING.has(code)) return true;
  // A host of several addresses hides its errors in a list; `pg` gives its own timeouts no code.
  if (Array.isArray(errors)) return errors.some(isPassing);
  return typeof message === 'string' && /timeout expired|Connection terminated/.test(message);
}
