import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooLarge } from './body';
import type { Core } from './core';
import { type Answer, type Ask, type Body, MOST_BUFFERED, type StreamAnswer } from './exchange';
import { nothingThere, problemAnswer } from './problem';

/** A request as node:http has it, with what Express adds. */
export type NodeRequest = IncomingMessage & { readonly body?: unknown; readonly ip?: string | undefined };

/** As Express calls it: with nothing, the request is for the next handler; with an error, for the one that tells errors. */
export type Next = (error?: unknown) => void;

/** For node:http, and as a middleware of Express: what is not the handler's goes on to `next`. */
export async function serveNode(
  core: Core,
  request: NodeRequest,
  response: ServerResponse,
  next?: Next,
): Promise<void> {
  const path = pathOf(request.url ?? '/');
  const ours = path.startsWith(core.basePath);
  const answer = ours ? await core.handle(askOf(request, path.slice(core.basePath.length))) : undefined;
  if (answer) write(request, response, answer);
  else if (next) next();
  else write(request, response, problemAnswer(nothingThere(path)));
}

export function askOf(request: NodeRequest, path: string): Ask {
  return {
    method: request.method ?? 'GET',
    path,
    headers: request.headers,
    from: request.ip ?? request.socket.remoteAddress,
    body: (limit) => bodyOf(request, limit),
  };
}

/** Without the query; of a request by a whole address too, as proxies are asked. */
export function pathOf(url: string): string {
  const path = url.startsWith('/') || !URL.canParse(url) ? url : new URL(url).pathname;
  return path.replace(/[?#].*$/s, '');
}

function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if ('stream' in answer) {
    response.writeHead(answer.status, answer.headers);
    stream(response, answer);
    return;
  }
  const { status, headers, body } = answer;
  // What was not read of a body that is too large would be read to its end for the sake of the next request.
  const closing = status === 413 ? { connection: 'close' } : {};
  const length = request.method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length, ...closing }).end(body);
}

/** Sends a stream once its head has been written. */
export function stream(response: ServerResponse, { stream: begin }: StreamAnswer): void {
  // Whoever has gone meanwhile is not told again that it has.
  if (response.destroyed) return;
  response.flushHeaders();
  const leave = begin({
    send: (text) => {
      if (response.writableLength > MOST_BUFFERED) return false;
      response.write(text);
      return true;
    },
    end: () => response.end(),
    drop: () => response.destroy(),
  });
  response.once('close', leave);
}

function bodyOf(request: NodeRequest, limit: number): Promise<Body> {
  const { body } = request;
  if (body !== undefined) return Promise.resolve(asBody(body, limit));
  // Somebody read it and kept nothing: there is no event to wait for.
  if (request.readableEnded || request.destroyed) return Promise.resolve({ text: '' });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data').pause();
        reject(tooLarge(limit));
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8') }));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went before its request was whole')));
  });
}

/** What a parser of the app's made of it: text and bytes have not been parsed. */
function asBody(body: unknown, limit: number): Body {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return { parsed: body };
  if (Buffer.byteLength(body) > limit) throw tooLarge(limit);
  return { text: body.toString() };
}
