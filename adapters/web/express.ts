/**
 * `readfleet/express`: a session per request for Express 4 and 5, and for whatever else calls `(request, response, next)`.
 *
 * @packageDocumentation
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fleet } from '../../lib';
import { assertFleet } from '../assert-fleet';
import type { WebSessionOptions } from './options';
import { RequestSessions } from './request-sessions';

export type { CookieOptions, WebSessionOptions } from './options';
export { sessionOf } from './request-sessions';

/** A middleware of Express, of connect, or called by hand on `node:http`. */
export type SessionMiddleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Read your writes across requests: what a client wrote with one request, its next requests see, on whatever replica and in whatever process.
 *
 * A request that wrote answers with a token, in a cookie; one that only reads asks nothing and sets nothing. What is mounted before it is in no session.
 *
 * ```ts
 * app.use(readYourWrites(fleet));
 * ```
 *
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 * @throws InvalidConfigError `READFLEET_WEB_OPTIONS`, with every problem at once
 */
export function readYourWrites(fleet: Fleet, options: WebSessionOptions = {}): SessionMiddleware {
  assertFleet(fleet, 'readYourWrites(fleet)');
  const sessions = new RequestSessions(fleet, options);
  return (request, response, next) => sessions.serve(request, response, next);
}
