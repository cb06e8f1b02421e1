import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { amendHead } from '../../../adapters/web/head-gate';
import { eventually } from '../../support/eventually';
import { Held } from './held';
import { type Listening, listening } from './raw-http';

let server: Listening | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = await listening(listener);
  return server.url;
}

/** Serves one request with a held head, and lets it go once the handler has done its work. */
async function answer(held: Held, handler: (response: ServerResponse) => void | Promise<void>): Promise<Response> {
  const url = await serve(async (_, response) => {
    amendHead(response, held.prepare);
    await handler(response);
    held.release();
  });
  return fetch(url);
}

test('what is added stands beside what the handler set', async () => {
  const response = await answer(new Held(), (it) => {
    it.setHeader('x-own', 'too');
    it.end('body');
  });

  expect(await response.text()).toBe('body');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-own': 'too',
    'x-added': 'yes',
    'content-length': '4',
  });
});

test('beside a head that is written in one go, too', async () => {
  const held = new Held();
  const url = await serve((_, response) => {
    amendHead(response, held.prepare);
    response.writeHead(201, 'Made', { 'set-cookie': ['a=1', 'b=2'] }).end();
    held.release((it) => it.setHeader('set-cookie', [...(it.getHeader('set-cookie') as string[]), 'c=3']));
  });

  const response = await fetch(url);

  expect([response.status, response.statusText]).toEqual([201, 'Made']);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2', 'c=3']);
});

const lists: [string, unknown[]][] = [
  ['names and values', ['x-one', '1', 'set-cookie', 'a=1', 'set-cookie', 'b=2']],
  [
    'pairs',
    [
      ['x-one', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
  ],
];

test.each(lists)('headers may be a list of %s', async (_, list) => {
  const response = await answer(new Held(), (it) => {
    it.writeHead(200, list as never).end();
  });

  expect(response.headers.get('x-one')).toBe('1');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('x-added')).toBe('yes');
});

test('it is asked once, however much is written', async () => {
  const held = new Held();

  const response = await answer(held, (it) => {
    it.write('one ');
    it.write('two');
    it.end();
  });

  expect(await response.text()).toBe('one two');
  expect(held.asked).toBe(1);
});

test('nothing leaves before the head may, and everything after it goes at once', async () => {
  const held = new Held();
  let response: ServerResponse | undefined;
  const url = await serve((_, it) => {
    response = it;
    amendHead(it, held.prepare);
    it.writeHead(200, { 'content-type': 'text/event-stream' });
    it.write('data: 1\n\n');
  });

  const answered = fetch(url);
  await eventually(() => held.asked === 1);
  expect(response?.socket?.bytesWritten).toBe(0);
  held.release();
  const events = (await answered).body?.getReader();
  expect(Buffer.from((await events?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
  response?.write('data: 2\n\n');
  expect(Buffer.from((await events?.read())?.value ?? []).toString()).toBe('data: 2\n\n');
  await events?.cancel();
});

test('while it waits the response looks as if it had gone', async () => {
  const seen: unknown[] = [];

  const response = await answer(new Held(), (it) => {
    it.setHeader('x-own', 'first');
    it.statusCode = 202;
    it.end('body');
    seen.push(it.headersSent, it.writableEnded, it.writableFinished);
    expect(() => it.setHeader('x-own', 'late')).toThrow(expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }));
    expect(() => it.removeHeader('x-own')).toThrow(expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }));
    expect(() => it.writeHead(500)).toThrow(expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }));
    it.statusCode = 500;
    it.statusMessage = 'Late';
  });

  expect(seen).toEqual([true, true, false]);
  expect([response.status, response.statusText, response.headers.get('x-own')]).toEqual([202, 'Accepted', 'first']);
});

test('a write after the end is told to its callback, and to nobody who does not listen', async () => {
  const told = jest.fn();

  const response = await answer(new Held(), (it) => {
    it.end('body');
    expect(it.write('more', told)).toBe(false);
    it.end('more', told);
    it.end(7, told);
  });

  expect(await response.text()).toBe('body');
  expect(told.mock.calls.map(([error]) => error.code)).toEqual(Array(3).fill('ERR_STREAM_WRITE_AFTER_END'));
});

test('a response that is destroyed before its head is not waited for', async () => {
  const held = new Held();
  const url = await serve((_, response) => {
    amendHead(response, held.prepare);
    response.destroy();
    response.end('nobody reads it');
  });

  await expect(fetch(url)).rejects.toThrow();
  expect(held.asked).toBe(0);
});

test('what Node refuses of a head once it is let go ends the response, not the process', async () => {
  const response = answer(new Held(), (it) => {
    // A trailer wants chunks, and this has a length.
    it.setHeader('trailer', 'x-late');
    it.setHeader('content-length', '4');
    it.end('body');
  });

  await expect(response).rejects.toThrow('fetch failed');
});

describe('beside the middlewares of others', () => {
  /** As compression, express-session and others do it: head by `_header` and `_implicitHeader`, body by what stood there before. */
  function upperCase(response: ServerResponse): void {
    const internals = response as unknown as { _header: string | null; _implicitHeader(): void };
    const { write, end, writeHead } = response as unknown as Record<string, (...args: unknown[]) => never>;
    response.writeHead = ((...args: unknown[]) => {
      response.setHeader('x-heads', 1 + Number(response.getHeader('x-heads') ?? 0));
      return writeHead?.apply(response, args);
    }) as never;
    response.write = ((chunk: string) => {
      if (!internals._header) internals._implicitHeader();
      return write?.call(response, chunk.toUpperCase(), 'utf8');
    }) as never;
    response.end = ((chunk?: string) => {
      if (!internals._header) internals._implicitHeader();
      return end?.call(response, chunk?.toUpperCase(), 'utf8');
    }) as never;
  }

  const orders: [string, (response: ServerResponse, held: Held) => void][] = [
    [
      'that came before',
      (response, held) => {
        upperCase(response);
        amendHead(response, held.prepare);
      },
    ],
    [
      'that come after',
      (response, held) => {
        amendHead(response, held.prepare);
        upperCase(response);
      },
    ],
  ];

  test.each(orders)('one %s does its work once', async (_, mount) => {
    const held = new Held();
    const url = await serve((_request, response) => {
      mount(response, held);
      response.write('one ');
      response.write('two ');
      response.end('three');
      held.release();
    });

    const response = await fetch(url);

    expect(await response.text()).toBe('ONE TWO THREE');
    expect(response.headers.get('x-heads')).toBe('1');
    expect(response.headers.get('x-added')).toBe('yes');
  });

  test('two that hold the head both add to it', async () => {
    const [inner, outer] = [new Held(), new Held()];
    const url = await serve((_, response) => {
      amendHead(response, outer.prepare);
      amendHead(response, inner.prepare);
      response.write('one ');
      response.end('two');
      inner.release((it) => it.setHeader('x-inner', 'yes'));
    });

    const answered = fetch(url);
    await eventually(() => outer.asked === 1);
    outer.release();
    const response = await answered;

    expect(await response.text()).toBe('one two');
    expect([response.headers.get('x-inner'), response.headers.get('x-added')]).toEqual(['yes', 'yes']);
  });
});

test.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('%s with %i has no body', async (method, status) => {
  const held = new Held();
  const url = await serve((_, response) => {
    amendHead(response, held.prepare);
    response.statusCode = status;
    response.end('body');
    held.release();
  });

  const response = await fetch(url, { method });

  expect([response.status, await response.text(), response.headers.get('x-added')]).toEqual([status, '', 'yes']);
});

describe('over HTTP/2', () => {
  test('the head waits just so', async () => {
    const held = new Held();
    const seen: unknown[] = [];
    const secured = http2.createServer((_, it) => {
      const response = it as unknown as ServerResponse<IncomingMessage>;
      amendHead(response, held.prepare);
      response.setHeader('x-own', 'first');
      response.writeHead(201, { 'x-head': 'second' });
      response.write('one ');
      response.end('two');
      seen.push(response.headersSent, response.writableEnded);
      expect(() => response.setHeader('x-own', 'late')).toThrow(
        expect.objectContaining({ code: 'ERR_HTTP2_HEADERS_SENT' }),
      );
      held.release();
    });
    secured.listen(0, '127.0.0.1');
    await once(secured, 'listening');
    const client = http2.connect(`http://127.0.0.1:${(secured.address() as AddressInfo).port}`);
    try {
      const stream = client.request({ ':path': '/' });
      const [headers] = await once(stream, 'response');
      const body = Buffer.concat(await Readable.from(stream).toArray()).toString();

      expect(headers).toMatchObject({ ':status': 201, 'x-own': 'first', 'x-head': 'second', 'x-added': 'yes' });
      expect(body).toBe('one two');
      expect(seen).toEqual([true, true]);
    } finally {
      client.destroy();
      secured.close();
    }
  });
});
