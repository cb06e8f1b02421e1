import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { PATHS } from '../view';
import type { Core } from './core';
import { askOf, pathOf, stream } from './node';

/** What is used of Fastify's instance, request and reply: the package needs no Fastify. */
export interface FastifyInstanceLike {
  readonly prefix: string;
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: never, payload: never, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown;
  all(path: string, handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

/** What is used of a request of Fastify: node's own, and the address that it came from. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly ip: string;
}

/** What is used of a reply of Fastify; streams are written to node's own, past Fastify. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  send(body?: unknown): unknown;
  hijack(): unknown;
  callNotFound(): unknown;
}

/** The paths of the handler in one scope of the app, under the scope's prefix. */
export function serveFastify(core: Core, instance: FastifyInstanceLike): void {
  // Of this scope alone. A body is read by the handler, of those who may send one.
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (_request, _payload, done) => done(null));
  const prefix = segments(instance.prefix) + segments(core.basePath);
  for (const path of [PATHS.metrics, PATHS.page, `${PATHS.page}/*`]) {
    instance.all(core.basePath + path, (request, reply) => serve(core, prefix, request, reply));
  }
}

async function serve(
  core: Core,
  prefix: number,
  { raw, ip }: FastifyRequestLike,
  reply: FastifyReplyLike,
): Promise<unknown> {
  // By count: a prefix may have parameters.
  const path = `/${pathOf(raw.url ?? '/')
    .split('/')
    .slice(prefix + 1)
    .join('/')}`;
  const answer = await core.handle({ ...askOf(raw, path), from: ip });
  if (!answer) return reply.callNotFound();
  if ('stream' in answer) {
    reply.hijack();
    reply.raw.writeHead(answer.status, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...answer.headers });
    stream(reply.raw, answer);
    return reply;
  }
  reply.code(answer.status);
  reply.headers(answer.status === 413 ? { ...answer.headers, connection: 'close' } : answer.headers);
  return reply.send(answer.body);
}

function segments(path: string): number {
  return path.split('/').filter((segment) => segment !== '').length;
}
