/**
 * `readfleet/http`: what a fleet is and does, for probes, Prometheus, people and the command; and its switches, for whoever is on call.
 *
 * @packageDocumentation
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fleet } from '../../lib';
import { Core } from './core';
import { type FastifyInstanceLike, serveFastify } from './fastify';
import { serveFetch } from './fetch';
import { type Next, serveNode } from './node';
import type { MonitoringOptions } from './options';
import { problemAnswer } from './problem';

export type {
  ActionView,
  Hello,
  LagView,
  MemberView,
  Moment,
  MomentOfMember,
  StateKind,
  StatusView,
  Tick,
  Told,
} from '../view';
export { PATHS } from '../view';
export type { HealthBody, LagBody, PoolBody, PoolsBody, ReplicaStatus } from './bodies';
export type { FastifyInstanceLike, FastifyReplyLike, FastifyRequestLike } from './fastify';
export type { Next } from './node';
export type { Action, MetricsText, MonitoringOptions } from './options';
export type { ProblemBody } from './problem';

/** Serves a fleet's state and switches, by whichever server the app has. */
export interface MonitoringHandler {
  /** For `node:http`, and for Express by `app.use()`. With `next`, what is not the handler's goes on to it; else it is answered with 404. */
  (request: IncomingMessage, response: ServerResponse, next?: Next): void;
  /** For servers that speak in `Request` and `Response`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** For Fastify: `app.register(handler.fastify, { prefix: '/internal' })`. */
  readonly fastify: (instance: FastifyInstanceLike, options?: unknown) => Promise<void>;
  /** Ends every stream, and hears no more of the fleet. What is asked afterwards is still answered. Done by `fleet.close()` too. */
  readonly close: () => void;
}

/**
 * Makes the handler. It hears every decision of the fleet from now on, to keep the last ten minutes.
 *
 * @throws InvalidConfigError `READFLEET_HTTP_OPTIONS`: without a token it refuses to start, unless told `token: false`
 */
export function monitoringHandler(fleet: Fleet, options: MonitoringOptions): MonitoringHandler {
  const core = new Core(fleet, options);
  const handler = (request: IncomingMessage, response: ServerResponse, next?: Next) => {
    serveNode(core, request, response, next).catch((error: unknown) => {
      if (next) next(error);
      else fail(response, error);
    });
  };
  return Object.assign(handler, {
    fetch: (request: Request) => serveFetch(core, request),
    // An async function, as Fastify wants a plugin without a callback to be.
    fastify: async (instance: FastifyInstanceLike) => {
      serveFastify(core, instance);
    },
    close: core.close,
  });
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, headers, body } = problemAnswer(error);
  response.writeHead(status, headers).end(body);
}
