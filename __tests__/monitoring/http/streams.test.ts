import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Core } from '../../../monitoring/http/core';
import { type Answer, MOST_BUFFERED, type StreamAnswer, type StreamClient } from '../../../monitoring/http/exchange';
import { serveFetch } from '../../../monitoring/http/fetch';
import { serveNode } from '../../../monitoring/http/node';
import { Streams } from '../../../monitoring/http/streams';
import type { Hello } from '../../../monitoring/view';
import { eventually } from '../../support/eventually';
import { recording } from '../recorder-support';

const hello = { told: [] } as unknown as Hello;

interface Told extends StreamClient {
  readonly heard: string[];
  readonly ended: string[];
}

function client(takes = Number.POSITIVE_INFINITY): Told {
  const heard: string[] = [];
  const ended: string[] = [];
  return {
    heard,
    ended,
    send: (text) => {
      if (heard.length >= takes) return false;
      heard.push(text.split('\n')[0] ?? '');
      return true;
    },
    end: () => void ended.push('ended'),
    drop: () => void ended.push('dropped'),
  };
}

test('all who follow hear the same, and the recorder is followed once', async () => {
  const { recorder, clock } = recording();
  const streams = new Streams(recorder);
  const [one, other] = [client(), client()];
  streams.open(one, hello);
  const leave = streams.open(other, hello);
  expect(recorder.following).toBe(1);
  recorder.tell('switch', { tone: 'neutral', text: 'x' });
  leave();
  leave();
  expect(recorder.following).toBe(1);
  await clock.advance(1_000);
  expect(one.heard).toEqual(['event: hello', 'event: told', 'event: tick']);
  expect(other.heard).toEqual(['event: hello', 'event: told']);
  expect(other.ended).toEqual([]);
  streams.close();
  expect(one.ended).toEqual(['ended']);
  expect(recorder.following).toBe(0);
  recorder.stop();
});

test('who does not keep up is dropped, and the others go on', async () => {
  const { recorder, clock } = recording();
  const streams = new Streams(recorder);
  const [slow, other] = [client(2), client()];
  streams.open(slow, hello);
  streams.open(other, hello);
  await clock.advance(3_000);
  expect(slow.heard).toEqual(['event: hello', 'event: tick']);
  expect(slow.ended).toEqual(['dropped']);
  expect(other.heard).toHaveLength(4);
  streams.close();
  recorder.stop();
});

test('who cannot take the greeting is followed by nobody', () => {
  const { recorder } = recording();
  new Streams(recorder).open(client(0), hello);
  expect(recorder.following).toBe(0);
  recorder.stop();
});

test('who comes after the end is sent away, and followed by nobody', () => {
  const { recorder } = recording();
  const streams = new Streams(recorder);
  streams.close();
  const late = client();
  streams.open(late, hello)();
  expect([late.heard, late.ended, recorder.following]).toEqual([[], ['ended'], 0]);
  recorder.stop();
});

/** A handler that streams whatever the test sends. */
function streaming() {
  const clients: StreamClient[] = [];
  const left = jest.fn();
  const answer: StreamAnswer = {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    stream: (joined) => {
      clients.push(joined);
      return left;
    },
  };
  const core = { basePath: '', handle: async (): Promise<Answer> => answer } as unknown as Core;
  /** Sends until the client refuses, or far too much has been taken. */
  const flood = (to: StreamClient | undefined) => {
    const text = 'x'.repeat(64 * 1024);
    let taken = 0;
    while (taken < 64 * MOST_BUFFERED && to?.send(text)) taken += text.length;
    return taken;
  };
  return { core, clients, left, flood };
}

test('node: what may wait for a client that reads nothing has an end, and the client too', async () => {
  const { core, clients, left, flood } = streaming();
  const server = createServer((request, response) => void serveNode(core, request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asking = httpRequest({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.pause();
  const taken = flood(clients[0]);
  expect(taken).toBeGreaterThanOrEqual(MOST_BUFFERED);
  // Beside what is counted, the kernel takes some.
  expect(taken).toBeLessThan(16 * MOST_BUFFERED);
  response.on('error', () => undefined);
  clients[0]?.drop();
  await eventually(() => left.mock.calls.length === 1);
  response.resume();
  await eventually(() => response.destroyed);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('node: who has gone before the answer begins is not sent anything', async () => {
  const { core, clients } = streaming();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = { ...core, handle: async (ask: never) => held.then(() => core.handle(ask)) } as unknown as Core;
  const served: Promise<void>[] = [];
  const closed: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    closed.push(once(response, 'close'));
    served.push(serveNode(waiting, request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asking = httpRequest({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
  asking.on('error', () => undefined);
  await eventually(() => served.length === 1);
  asking.destroy();
  await closed[0];
  release();
  await served[0];
  expect(clients).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

test('fetch: what may wait for a client that reads nothing has an end, and the client too', async () => {
  const { core, clients, flood } = streaming();
  const response = await serveFetch(core, new Request('http://localhost/'));
  expect(flood(clients[0])).toBe(MOST_BUFFERED);
  clients[0]?.drop();
  await expect(response.text()).rejects.toThrow('the client does not keep up');
});

test('fetch: who cancels, or whose request is aborted, has left', async () => {
  const { core, clients, left } = streaming();
  const response = await serveFetch(core, new Request('http://localhost/'));
  await response.body?.cancel();
  expect(left).toHaveBeenCalledTimes(1);
  const controller = new AbortController();
  await serveFetch(core, new Request('http://localhost/', { signal: controller.signal }));
  controller.abort();
  expect(left).toHaveBeenCalledTimes(2);
  const ending = await serveFetch(core, new Request('http://localhost/'));
  clients[2]?.send('all');
  clients[2]?.end();
  expect(await ending.text()).toBe('all');
});
