/**
 * `readfleet/fastify`: a session per request for Fastify 4 and 5.
 *
 * @packageDocumentation
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fleet } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { assertFleet, isFleet } from '../assert-fleet';
import type { WebSessionOptions } from './options';
import { RequestSessions } from './request-sessions';

export type { CookieOptions, WebSessionOptions } from './options';
export { sessionOf } from './request-sessions';

/** What `readYourWrites` is registered with: the fleet, and how its sessions go from one request to the next. */
export interface FastifySessionOptions extends WebSessionOptions {
  readonly fleet: Fleet;
}

const CALL = 'register(readYourWrites, { fleet })';

/** What is used of Fastify's instance: the package needs no Fastify. */
export interface FastifyInstanceLike {
  addHook(name: 'onRequest', hook: (request: never, reply: never, done: () => void) => void): unknown;
}

/**
 * Read your writes across requests: what a client wrote with one request, its next requests see, on whatever replica and in whatever process.
 *
 * For the instance that it is registered on and all within it. It watches the raw response, so that also what is sent past Fastify (`reply.raw`,
 * `reply.hijack()`) carries the token.
 *
 * ```ts
 * await app.register(readYourWrites, { fleet });
 * ```
 *
 * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
 * @throws InvalidConfigError `READFLEET_WEB_OPTIONS`, with every problem at once
 */
export const readYourWrites = Object.assign(
  // An async function, as Fastify wants a plugin without a callback to be.
  async (instance: FastifyInstanceLike, options: FastifySessionOptions): Promise<void> => {
    if (isFleet(options)) throw bareFleet();
    const { fleet, ...session } = options;
    assertFleet(fleet, CALL);
    const sessions = new RequestSessions(fleet, session);
    instance.addHook('onRequest', (request: Raw<IncomingMessage>, reply: Raw<ServerResponse>, done: () => void) => {
      sessions.serve(request.raw, reply.raw, done);
    });
  },
  {
    // Without a scope of its own, in which its hook would be for nobody.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'readfleet',
    [Symbol.for('plugin-meta')]: { name: 'readfleet', fastify: '4.x || 5.x' },
  },
);

function bareFleet(): ReadfleetError {
  const got = 'the fleet in the place of its options';
  return new ReadfleetError('READFLEET_NOT_A_FLEET', `${CALL} takes a fleet, got: ${got}. Write { fleet }.`);
}

interface Raw<Message> {
  readonly raw: Message;
}
