import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock';
import { ReadfleetError } from '../errors';
import { Session } from './session';
import { formatToken, parseToken, type Token } from './token';

/** What sessions need of a fleet. */
export interface Positions {
  /** A fresh position of the primary, sampled after this call began; coalesced between callers. Rejects when it cannot be had. */
  position(): Promise<Token>;
  readonly clock: Clock;
}

/** Read your writes, for all that is done within some work, however deep in its calls. */
export interface SessionApi {
  /**
   * Runs `work` in a session: its reads see its own earlier writes, and never less than an earlier read of it did. Within a session it is
   * a part of that one.
   *
   * What has *ended* counts: of a write and a read that are under way at once, the read may see either. So may a read on the primary after one on a
   * replica: PostgreSQL's replicas show a commit a moment before the primary does, and before whoever wrote it is answered.
   */
  <T>(work: () => Promise<T> | T): Promise<T>;
  /**
   * A short text that stands for what the session has done so far, for `resume` in another request or process: letters, digits and dots.
   * Asks the primary for its position, unless nothing was done since the last token.
   *
   * @throws ReadfleetError `READFLEET_NO_SESSION` outside of a session
   * @throws what kept the primary from answering
   */
  token(): Promise<string>;
  /**
   * Runs `work` in a session that goes on from a token. Within a session, that one goes on from the token too.
   *
   * @throws ReadfleetError `READFLEET_TOKEN_INVALID`
   */
  resume<T>(token: string, work: () => Promise<T> | T): Promise<T>;
  /**
   * A session to hold in the hand, for work that does not end with a promise: a request that is answered by callbacks, a socket, a job.
   *
   * @param from a token to go on from; or `now`: sees all that anybody had committed when this is called, for those who know that something
   *   was written and have no token of it
   * @throws ReadfleetError `READFLEET_TOKEN_INVALID`
   */
  open(from?: string | 'now'): OpenSession;
}

/** A session in the hand. It needs no closing. */
export interface OpenSession {
  /**
   * Runs `work` in this session, whatever session the caller is in. What it begins stays in it. Of what begins when it is awaited, such as the query
   * builders of Prisma, Drizzle and Knex, and is returned, this gives the promise: so it begins in the session too.
   */
  run<T>(work: () => T): T;
  /** As {@link SessionApi.token}, from anywhere. */
  token(): Promise<string>;
  /** Whether something that may have written has ended in it: then a token from before does not cover it. */
  readonly hasWritten: boolean;
}

/** {@link SessionApi}, with what the fleet itself asks. */
export type Sessions = SessionApi & {
  /** The session that the caller is in. Every statement asks. */
  current(): Session | undefined;
};

/** @param fleetKey what tells this fleet from every other; tokens of others are refused */
export function sessionApi(positions: Positions, fleetKey: string): Sessions {
  // In Node 20 a storage in use makes every promise of the process dearer, so it is in use from the first session on, not before.
  let storage: AsyncLocalStorage<Session> | undefined;
  const current = () => storage?.getStore();

  /** Not `async`: whoever runs everything in sessions pays for each promise. */
  function within<T>(session: Session, work: () => Promise<T> | T): Promise<T> {
    storage ??= new AsyncLocalStorage();
    try {
      // Within, since what some query builders give begins when it is first asked for its result.
      return storage.run(session, () => Promise.resolve(work()));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async function tokenOf(session: Session): Promise<string> {
    const { done } = session;
    const token = session.covered ?? session.cover(await positions.position(), done);
    return formatToken(token, fleetKey);
  }

  return Object.assign(<T>(work: () => Promise<T> | T) => within(current() ?? new Session(), work), {
    current,

    async token(): Promise<string> {
      const session = current();
      if (!session) {
        throw new ReadfleetError(
          'READFLEET_NO_SESSION',
          'session.token() was called outside of a session: there is nothing it could stand for. ' +
            'Call it within the work of session(work) or session.resume(token, work).',
        );
      }
      return tokenOf(session);
    },

    async resume<T>(text: string, work: () => Promise<T> | T): Promise<T> {
      const token = parseToken(text, fleetKey);
      const session = current() ?? new Session();
      session.resume(token, positions.clock.now());
      return within(session, work);
    },

    open(from?: string): OpenSession {
      const session = new Session();
      const now = positions.clock.now();
      if (from === 'now') session.catchUpWith(now);
      else if (from !== undefined) session.resume(parseToken(from, fleetKey), now);
      return {
        run(work) {
          storage ??= new AsyncLocalStorage();
          return storage.run(session, () => begun(work()));
        },
        token: () => tokenOf(session),
        get hasWritten() {
          return session.hasWritten;
        },
      };
    },
  });
}

/** As `result`; but of what is no promise and yet can be awaited, its promise: it is begun by being asked for its result. */
function begun<T>(result: T): T {
  const lazy =
    typeof (result as { then?: unknown } | null | undefined)?.then === 'function' && !(result instanceof Promise);
  return lazy ? (Promise.resolve(result) as T) : result;
}
