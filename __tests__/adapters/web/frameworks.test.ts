import { once } from 'node:events';
import * as http2 from 'node:http2';
import { connect as connectTo } from 'node:net';
import { Readable } from 'node:stream';
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { connect, type Fleet } from 'readfleet';
import { readYourWrites as expressSessions } from 'readfleet/express';
import { readYourWrites as fastifySessions, sessionOf } from 'readfleet/fastify';
import type { LocalFleet } from '../../../local';
import { bytesOf, type Listening, listening } from './raw-http';
import { startRegister } from './register';
import { addOne, readValue } from './sites';

const COOKIE = /^readfleet-local=rf1\.[\w.]+; /;

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startRegister();
  fleet = await connect(local.contract, { session: { waitMs: 0 } });
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

describe('Fastify', () => {
  let app: FastifyInstance;
  let url: string | undefined;

  beforeEach(async () => {
    url = undefined;
    app = fastify();
    await app.register(fastifySessions, { fleet });
  });

  afterEach(() => app.close());

  async function post(path = '/', body?: string): Promise<Response> {
    url ??= await app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }) };
    return fetch(url + path, { method: 'POST', headers, ...(body !== undefined && { body }) });
  }

  test('what is registered beside it, or within, is in sessions', async () => {
    app.register(async (inner) => {
      inner.post('/inner', () => addOne(fleet));
    });
    app.post('/outer', () => addOne(fleet));

    for (const path of ['/outer', '/inner']) {
      expect((await post(path)).headers.getSetCookie()).toEqual([expect.stringMatching(COOKIE)]);
    }
  });

  test('a cookie of the app’s stays', async () => {
    app.post('/', async (_request, reply) => {
      reply.header('set-cookie', 'a=1').header('set-cookie', 'b=2');
      return addOne(fleet);
    });

    const { headers } = await post();

    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2', expect.stringMatching(COOKIE)]);
  });

  test('a stream that is sent after a write', async () => {
    app.post('/', async (_request, reply) => {
      await addOne(fleet);
      return reply.send(Readable.from(['one ', 'two ', 'three']));
    });

    const response = await post();

    expect(await response.text()).toBe('one two three');
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(COOKIE)]);
  });

  test('an answer that is sent past Fastify', async () => {
    app.post('/', async (_request, reply) => {
      reply.hijack();
      await addOne(fleet);
      reply.raw.writeHead(200, { 'content-type': 'text/plain' });
      reply.raw.end('by hand');
    });

    const response = await post();

    expect(await response.text()).toBe('by hand');
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(COOKIE)]);
  });

  test('hooks and handlers that come after it are in the session, behind the parser of a body too', async () => {
    const seen: boolean[] = [];
    app.addHook('preHandler', async () => {
      seen.push(fleet.internals.sessions.current() !== undefined);
    });
    app.post('/', { schema: { body: { type: 'object' } } }, async (request) => {
      seen.push(fleet.internals.sessions.current() !== undefined, sessionOf(fleet, request) !== undefined);
      return {};
    });

    await post('/', '{"some":"body"}');

    expect(seen).toEqual([true, true, true]);
  });

  test('options that are wrong fail the start', async () => {
    const wrong = fastify();
    wrong.register(fastifySessions, { fleet, cookie: false });

    await expect(wrong.ready()).rejects.toMatchObject({ code: 'READFLEET_WEB_OPTIONS' });
  });

  test('over HTTP/2', async () => {
    const secured = fastify({ http2: true });
    await secured.register(fastifySessions, { fleet });
    secured.post('/', () => addOne(fleet));
    const client = http2.connect(await secured.listen({ port: 0, host: '127.0.0.1' }));
    try {
      const stream = client.request({ ':path': '/', ':method': 'POST' });
      const [headers] = await once(stream, 'response');

      expect(headers['set-cookie']).toEqual([expect.stringMatching(COOKIE)]);
      expect(JSON.parse(Buffer.concat(await Readable.from(stream).toArray()).toString())).toEqual({
        value: expect.any(Number),
      });
    } finally {
      client.destroy();
      await secured.close();
    }
  });
});

describe('Express', () => {
  let server: Listening | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function serve(prepare: (app: express.Express) => void): Promise<string> {
    const app = express();
    app.set('env', 'test');
    prepare(app);
    server = await listening(app);
    return server.url;
  }

  test('a page that has not changed is not sent again, and carries the token all the same', async () => {
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
      app.get('/', async (_request, response) => {
        await addOne(fleet);
        response.set('etag', '"same"').send('page');
      });
    });

    const head = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: "same"\r\n\r\n';
    const answer = await bytesOf(Number(new URL(url).port), head);

    expect(answer).toMatch(/^HTTP\/1\.1 304 .*\r\nset-cookie: readfleet-local=rf1\..*\r\n\r\n$/s);
  });

  test('mounted on a router, it is for that router alone', async () => {
    const url = await serve((app) => {
      app.use('/with', expressSessions(fleet));
      app.post(['/with', '/without'], async (_request, response) => {
        response.json(await addOne(fleet));
      });
    });

    const cookies = async (path: string) => (await fetch(url + path, { method: 'POST' })).headers.getSetCookie();

    expect(await cookies('/with')).toHaveLength(1);
    expect(await cookies('/without')).toHaveLength(0);
  });

  test('an error while the head waits breaks the answer off, as it does once a head is out', async () => {
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
      app.post('/', async (_request, response, next) => {
        await addOne(fleet);
        response.write('part');
        next(new Error('in the middle'));
      });
    });

    await expect(fetch(url, { method: 'POST' }).then((response) => response.text())).rejects.toThrow();
    expect((await fetch(url)).status).toBe(404);
  });

  test('answering twice is the error that it always was', async () => {
    const codes: unknown[] = [];
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
      app.post('/', async (_request, response) => {
        await addOne(fleet);
        response.json({ answer: 1 });
        try {
          response.status(500).json({ answer: 2 });
        } catch (error) {
          codes.push((error as { code?: string }).code);
        }
      });
    });

    const response = await fetch(url, { method: 'POST' });

    expect([response.status, await response.json()]).toEqual([200, { answer: 1 }]);
    expect(codes).toEqual(['ERR_HTTP_HEADERS_SENT']);
  });

  test('what is written after the head is out is not told any more', async () => {
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
      app.get('/', async (_request, response) => {
        response.write('first ');
        await addOne(fleet);
        response.end('then');
      });
    });

    const response = await fetch(url);

    expect(await response.text()).toBe('first then');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('a connection that becomes another protocol’s is left alone', async () => {
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
    });
    server?.server.on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello');
    });

    const answer = await bytesOf(
      Number(new URL(url).port),
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
    );

    expect(answer).toMatch(/^HTTP\/1\.1 101 .*hello$/s);
  });

  test('a client that hangs up while the head waits leaves the server as it was', async () => {
    let letGo: () => void = () => undefined;
    const { members } = fleet.internals;
    const position = members.position.bind(members);
    const asked = jest.spyOn(members, 'position').mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return position();
    });
    let closed: Promise<unknown> | undefined;
    const url = await serve((app) => {
      app.use(expressSessions(fleet));
      app.post('/', async (_request, response) => {
        closed = once(response, 'close');
        const { value } = await addOne(fleet);
        response.json({ value });
        client.destroy();
      });
    });
    const client = connectTo(Number(new URL(url).port), '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await once(client, 'close');
    await closed;

    letGo();
    asked.mockRestore();

    expect((await fetch(url, { method: 'POST' })).status).toBe(200);
    expect((await readValue(fleet)).value).toBe(0);
  });
});
