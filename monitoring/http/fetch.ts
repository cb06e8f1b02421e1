import { tooLarge } from './body';
import type { Core } from './core';
import { type Answer, type Ask, type Body, MOST_BUFFERED, type StreamAnswer } from './exchange';
import { nothingThere, problemAnswer } from './problem';

/** For runtimes whose servers speak in `Request` and `Response`. */
export async function serveFetch(core: Core, request: Request): Promise<Response> {
  const { pathname, host } = new URL(request.url);
  const ours = pathname.startsWith(core.basePath);
  const answer =
    (ours ? await core.handle(askOf(request, pathname.slice(core.basePath.length), host)) : undefined) ??
    problemAnswer(nothingThere(pathname));
  return responseOf(request, answer);
}

function askOf(request: Request, path: string, host: string): Ask {
  return {
    method: request.method,
    path,
    // A Request that was made of a connection has the host in its address, and not always among its headers.
    headers: { host, ...Object.fromEntries(request.headers) },
    from: undefined,
    body: (limit) => bodyOf(request, limit),
  };
}

async function bodyOf(request: Request, limit: number): Promise<Body> {
  if (request.body === null || request.bodyUsed) return { text: '' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: Buffer.concat(chunks).toString('utf8') };
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
}

function responseOf(request: Request, answer: Answer): Response {
  const { status, headers } = answer;
  if ('stream' in answer) return new Response(streamOf(request, answer), { status, headers });
  return new Response(answer.body === '' ? null : answer.body, { status, headers });
}

function streamOf(request: Request, { stream: begin }: StreamAnswer): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        leave = begin({
          send: (text) => {
            if ((controller.desiredSize ?? 0) <= 0) return false;
            controller.enqueue(encoder.encode(text));
            return true;
          },
          end: () => controller.close(),
          drop: () => controller.error(new Error('the client does not keep up')),
        });
        // Not every runtime cancels the body of who has gone.
        request.signal.addEventListener('abort', () => leave(), { once: true });
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_BUFFERED }),
  );
}
