import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
