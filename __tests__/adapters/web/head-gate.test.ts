import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Amend, amendHead } from '../../../adapters/web/head-gate';
import { eventually } from '../../support/eventually';
import { type Listening, listening } from './raw-http';

/** A head that waits until it is let go. */
class Held {
  private letGo: (amend: Amend) => void = () => undefined;
  asked = 0;

  readonly prepare = (): Promise<Amend> => {
    this.asked += 1;
    return new Promise((resolve) => {
      this.letGo = resolve;
    });
  };

  release(amend: Amend = (response) => response.setHeader('x-added', 'yes')): void {
    this.letGo(amend);
  }
}

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

describe('streams', () => {
  const CHUNK = Buffer.alloc(8 * 1024, 'x');

  test('a source that is piped waits while the head does, and is whole in the end', async () => {
    const held = new Held();
    let read = 0;
    const url = await serve((_, response) => {
      amendHead(response, held.prepare);
      const source = Readable.from(
        (function* () {
          for (; read < 100; read += 1) yield CHUNK;
        })(),
        { highWaterMark: 1 },
      );
      source.pipe(response);
    });

    const answered = fetch(url);
    await eventually(() => held.asked === 1);
    // All that could be read without being let go.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(20);
    held.release();
    expect((await (await answered).arrayBuffer()).byteLength).toBe(100 * CHUNK.byteLength);
  });

  test('a pipeline ends when the response has', async () => {
    const held = new Held();
    const ended = jest.fn();
    const url = await serve((_, response) => {
      amendHead(response, held.prepare);
      void pipeline(Readable.from([CHUNK]), response).then(ended);
    });

    const answered = fetch(url);
    await eventually(() => held.asked === 1);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(ended).not.toHaveBeenCalled();
    held.release();
    await (await answered).arrayBuffer();
    await eventually(() => expect(ended).toHaveBeenCalled());
  });

  /** Writes until it is told to wait. */
  function fill(response: ServerResponse): void {
    let room = true;
    for (let count = 0; count < 40 && room; count += 1) room = response.write(CHUNK);
    expect(room).toBe(false);
  }

  test('a writer that was told to wait hears once that there is room', async () => {
    const held = new Held();
    const drained = jest.fn();
    let response: ServerResponse | undefined;
    const url = await serve((_, it) => {
      response = it;
      amendHead(it, held.prepare);
      it.on('drain', drained);
      fill(it);
    });

    const answered = fetch(url);
    await eventually(() => held.asked === 1);
    expect(drained).not.toHaveBeenCalled();
    held.release();
    await answered;
    await eventually(() => expect(drained).toHaveBeenCalled());
    response?.end();
    await (await answered).arrayBuffer();
    expect(drained).toHaveBeenCalledTimes(1);
  });

  test('also where nothing is sent of what he writes', async () => {
    const held = new Held();
    const url = await serve((_, response) => {
      amendHead(response, held.prepare);
      Readable.from(Array(40).fill(CHUNK)).pipe(response);
    });

    const answered = fetch(url, { method: 'HEAD' });
    await eventually(() => held.asked === 1);
    held.release();
    expect((await answered).headers.get('x-added')).toBe('yes');
  });

  test('but not after the end', async () => {
    const held = new Held();
    const drained = jest.fn();
    const url = await serve((_, response) => {
      amendHead(response, held.prepare);
      response.on('drain', drained);
      fill(response);
      response.end();
      held.release();
    });

    await fetch(url, { method: 'HEAD' });
    expect(drained).not.toHaveBeenCalled();
  });
});

test('a client that goes meanwhile harms nobody, and who waits for the writing hears of it', async () => {
  const held = new Held();
  const told = jest.fn();
  let closed: Promise<unknown> | undefined;
  const url = await serve((_, response) => {
    if (held.asked > 0) {
      response.end('still here');
      return;
    }
    amendHead(response, held.prepare);
    closed = once(response, 'close');
    response.write('part', told);
    response.end(told);
  });
  const socket = connect(server?.port ?? 0, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => held.asked === 1);

  socket.destroy();
  await closed;
  held.release();

  await eventually(() => expect(told).toHaveBeenCalledTimes(2));
  expect(told.mock.calls.map(([error]) => error.code)).toEqual(['ERR_STREAM_DESTROYED', 'ERR_STREAM_DESTROYED']);
  expect(await (await fetch(url)).text()).toBe('still here');
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
