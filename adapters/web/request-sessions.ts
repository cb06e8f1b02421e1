import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fleet, OpenSession } from '../../lib';
import { messageOf, ReadfleetError } from '../../lib/errors';
import { broughtBy, handOn, NOW } from './carrier';
import { type Amend, amendHead } from './head-gate';
import { resolveWebOptions, type WebSessionOptions, type WebSessionSettings } from './options';

/** By fleet, since a request may have a session on each of several. */
const sessions = new WeakMap<Fleet, WeakMap<IncomingMessage, OpenSession>>();

/**
 * The session of a request: to `run` work in it that began elsewhere (the listener of a socket, a queue), or to have its `token()` in the body of the
 * response. Undefined where the middleware or plugin was not.
 *
 * @param request Node's, Express's or Fastify's
 */
export function sessionOf(fleet: Fleet, request: IncomingMessage | { readonly raw: unknown }): OpenSession | undefined {
  return sessions.get(fleet)?.get('raw' in request ? (request.raw as IncomingMessage) : request);
}

/** Gives each request a session that goes on from what its client did before. */
export class RequestSessions {
  private readonly settings: WebSessionSettings;
  private readonly known: WeakMap<IncomingMessage, OpenSession>;

  /** @throws InvalidConfigError `READFLEET_WEB_OPTIONS` */
  constructor(
    private readonly fleet: Fleet,
    options: WebSessionOptions,
  ) {
    this.settings = resolveWebOptions(options, fleet.contract.fleet);
    this.known = sessions.get(fleet) ?? new WeakMap();
    sessions.set(fleet, this.known);
  }

  /** Runs the rest of a request in its session, and hands the token on with the head of its response, if it wrote. */
  serve(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    // Mounted twice, say for the app and for a router.
    const before = this.known.get(request);
    if (before) {
      before.run(next);
      return;
    }
    const { session, cameWithNow } = this.open(request);
    this.known.set(request, session);
    const better = cameWithNow ? tokenInPassing(session) : () => undefined;
    amendHead(response, () => this.prepare(session, better, request));
    keepEvents(request, session);
    session.run(next);
  }

  /** What cannot be gone on from is told and left: a client must not be kept out by a cookie that it cannot see. */
  private open(request: IncomingMessage): { readonly session: OpenSession; readonly cameWithNow: boolean } {
    for (const from of broughtBy(request, this.settings)) {
      try {
        return { session: this.fleet.session.open(from), cameWithNow: from === NOW };
      } catch (error) {
        this.tell(error as ReadfleetError, request);
      }
    }
    return { session: this.fleet.session.open(), cameWithNow: false };
  }

  private prepare(
    session: OpenSession,
    better: () => string | undefined,
    request: IncomingMessage,
  ): Promise<Amend> | undefined {
    const amend = (token: string) => (response: ServerResponse) => handOn(token, request, response, this.settings);
    if (session.hasWritten) return this.tokenOf(session, request).then(amend);
    const token = better();
    return token === undefined ? undefined : Promise.resolve(amend(token));
  }

  private tokenOf(session: OpenSession, request: IncomingMessage): Promise<string> {
    const { clock, tokenTimeoutMs } = this.settings;
    return new Promise((resolve) => {
      const unavailable = (cause: unknown) => {
        timer.cancel();
        resolve(NOW);
        this.tell(
          new ReadfleetError(
            'READFLEET_TOKEN_UNAVAILABLE',
            `no session token for ${request.method} ${request.url}, which wrote: ${messageOf(cause)}. ` +
              'Its client was given "now": its next requests see all that was committed when they came.',
            { cause },
          ),
          request,
        );
      };
      const timer = clock.after(tokenTimeoutMs, () =>
        unavailable(new Error(`the primary did not tell its position within ${tokenTimeoutMs} ms`)),
      );
      session.token().then((token) => {
        timer.cancel();
        resolve(token);
      }, unavailable);
    });
  }

  /** On a tick of its own: what it throws is the app's, and breaks no request. */
  private tell(problem: ReadfleetError, request: IncomingMessage): void {
    process.nextTick(this.settings.onProblem, problem, request);
  }
}

/**
 * A token for whoever came with `now`, asked for beside the work of the request: if it is there when the head goes out, the client's next requests can be
 * served by replicas again. Nothing waits for it.
 */
function tokenInPassing(session: OpenSession): () => string | undefined {
  let token: string | undefined;
  session.token().then(
    (text) => {
      token = text;
    },
    () => undefined, // the client keeps its `now`
  );
  return () => token;
}

/** Parsers of bodies go on from a request's events, which Node tells outside of every session. */
function keepEvents(request: IncomingMessage, session: OpenSession): void {
  const { emit } = request;
  request.emit = (...args: Parameters<typeof emit>) => session.run(() => emit.apply(request, args));
}
