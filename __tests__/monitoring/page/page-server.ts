import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageHtml } from '../../../monitoring/page';
import { type Hello, PATHS, type Tick, type Told } from '../../../monitoring/view';

/** An order that the page gave. */
export interface Posted {
  readonly path: string;
  readonly body: unknown;
  readonly token: string | undefined;
  readonly type: string | undefined;
}

/** Serves the page, and tells it what it is told to tell. */
export interface PageServer {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** Streams that are open. */
  readonly streams: number;
  /** What the next stream begins with. */
  hello: Hello;
  /** What the stream asks for; undefined lets everybody in. */
  token: string | undefined;
  /** What orders are answered with. */
  answer: { readonly status: number; readonly body: string };
  tick(tick: Tick): void;
  told(told: Told): void;
  /** Ends each stream, and refuses new ones until `open()`. */
  cut(): void;
  /** Says nothing more, and holds the connections. */
  open(): void;
  close(): Promise<void>;
}

export async function startPageServer(hello: Hello, basePath = ''): Promise<PageServer> {
  const streams = new Set<ServerResponse>();
  const posted: Posted[] = [];
  let down = false;
  const send = (event: string, data: unknown) => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  const http = createServer((request, response) => {
    const path = (request.url ?? '').slice(basePath.length);
    const token = request.headers.authorization?.replace('Bearer ', '');
    if (path === PATHS.page) return page(response);
    if (down) return request.destroy();
    if (path === PATHS.stream) return stream(response, token);
    if (path.startsWith(`${PATHS.admin}/`))
      return void order(request, response, path.slice(PATHS.admin.length + 1), token);
    response.writeHead(404).end();
  });

  function page(response: ServerResponse): void {
    const { html, contentSecurityPolicy } = pageHtml();
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy })
      .end(html);
  }

  function stream(response: ServerResponse, token: string | undefined): void {
    if (server.token !== undefined && token !== server.token) {
      response
        .writeHead(401, { 'content-type': 'application/problem+json' })
        .end('{"detail":"Nobody has this token here."}');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: hello\ndata: ${JSON.stringify(server.hello)}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  async function order(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    token: string | undefined,
  ): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    posted.push({ path, body: JSON.parse(text), token, type: request.headers['content-type'] });
    response.writeHead(server.answer.status, { 'content-type': 'application/json' }).end(server.answer.body);
  }

  const server = {
    url: '',
    posted,
    get streams() {
      return streams.size;
    },
    hello,
    token: undefined as string | undefined,
    answer: { status: 200, body: '{}' },
    tick: (tick: Tick) => send('tick', tick),
    told: (told: Told) => send('told', told),
    cut: () => {
      down = true;
      for (const response of streams) response.destroy();
    },
    open: () => {
      down = false;
    },
    close: () =>
      new Promise<void>((done) => {
        http.close(() => done());
        http.closeAllConnections();
      }),
  };
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}${basePath}${PATHS.page}`;
  return server;
}
