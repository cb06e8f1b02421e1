import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { channels, connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type MonitoringHandler, type MonitoringOptions, monitoringHandler, PATHS } from '../../../monitoring/http';
import { ManualClock } from '../../support/manual-clock';
import { EventReader } from './support/events';
import { asReader, TOKEN } from './support/requests';

let local: LocalFleet;
let fleet: Fleet;
let server: Server;
let handler: MonitoringHandler;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract);
  handler = monitoringHandler(fleet, { token: false, admin: false, hosts: ['devbox'] });
  server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await fleet?.close();
  await local?.stop();
});

afterEach(() => fleet.flags.enableAll());

/** By node:http, which sends the headers that a browser would keep to itself. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: unknown }> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const asking = request({
      port,
      host: '127.0.0.1',
      method,
      path,
      headers: { host: `localhost:${port}`, ...headers },
    });
    asking.on('error', reject).on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { code } = response.headers['content-type']?.includes('json') ? JSON.parse(text) : { code: undefined };
        resolve({ status: response.statusCode ?? 0, code });
      });
    });
    asking.end();
  });
}

const json = { 'content-type': 'application/json' };
const all = `${PATHS.admin}/endpoints/disable-all`;

describe('without tokens', () => {
  test.each([
    ['of this machine', {}, 200],
    ['of a name that was given', { host: 'devbox:9000' }, 200],
    ['of another name', { host: 'evil.example' }, 403],
  ])('who asks for a host %s: %j: %d', async (_, headers, status) => {
    for (const path of [PATHS.status, PATHS.page, PATHS.openapi, PATHS.metrics]) {
      expect(await send('GET', path, headers)).toMatchObject({ status });
    }
  });

  test.each<[string, Record<string, string>, number, string | undefined]>([
    ['the command', json, 200, undefined],
    ['the page', { ...json, 'sec-fetch-site': 'same-origin' }, 200, undefined],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'READFLEET_HTTP_TYPE'],
    ['what does not say what it is', {}, 415, 'READFLEET_HTTP_TYPE'],
    ['a page of another site', { ...json, origin: 'https://evil.example' }, 403, 'READFLEET_HTTP_ORIGIN'],
    [
      'a page of another site, by what the browser says',
      { ...json, 'sec-fetch-site': 'cross-site' },
      403,
      'READFLEET_HTTP_ORIGIN',
    ],
    ['a page of another name', { ...json, host: 'evil.example' }, 403, 'READFLEET_HTTP_HOST'],
  ])('an order of %s', async (_, headers, status, code) => {
    expect(await send('POST', all, headers)).toEqual({ status, code });
    expect(fleet.flags.allOff).toBe(status === 200);
  });

  test('a browser that asks first whether it may is told no', async () => {
    const { port } = server.address() as AddressInfo;
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const response = await fetch(`http://localhost:${port}${all}`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what the options leave out or bring', () => {
  const get = async (options: Partial<MonitoringOptions>, path: string) => {
    const made = monitoringHandler(fleet, { token: TOKEN, ...options });
    try {
      const response = await made.fetch(new Request(`http://localhost${path}`, asReader));
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    } finally {
      made.close();
    }
  };

  test('metrics of the app’s own', async () => {
    const metrics = { contentType: 'text/plain; version=1', metrics: () => 'orders_total 7\n' };
    expect(await get({ metrics }, PATHS.metrics)).toEqual({
      status: 200,
      type: metrics.contentType,
      text: 'orders_total 7\n',
    });
  });

  test('no page', async () => {
    expect(await get({ page: false }, PATHS.page)).toMatchObject({ status: 404 });
  });

  test('no switches', async () => {
    const made = monitoringHandler(fleet, { token: TOKEN, admin: undefined });
    const response = await made.fetch(new Request(`http://localhost${all}`, { ...asReader, method: 'POST' }));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      403,
      'READFLEET_HTTP_NO_ADMIN',
    ]);
    made.close();
  });

  test('a path that only begins like the base path is not the handler’s', async () => {
    expect(await get({ basePath: '/internal' }, `/internal${PATHS.lag}`)).toMatchObject({ status: 200 });
    expect(await get({ basePath: '/internal' }, `/internals${PATHS.lag}`)).toMatchObject({ status: 404 });
    expect(await get({ basePath: '/internal' }, PATHS.lag)).toMatchObject({ status: 404 });
  });

  test('a clock: the stream ticks by it, and time is told by what tells it', async () => {
    const clock = new ManualClock();
    const made = monitoringHandler(fleet, { token: TOKEN, clock, now: () => 1_000 + clock.now(), metrics: false });
    const events = new EventReader(await made.fetch(new Request(`http://localhost${PATHS.stream}`, asReader)));
    await clock.advance(1_000);
    expect((await events.nextOf('tick')).moment.at).toBe(2_000);
    made.close();
    expect(await events.next()).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  test('closed, it hears the fleet no more, answers what it can, and begins no stream', async () => {
    const made = monitoringHandler(fleet, { token: TOKEN, metrics: false });
    made.close();
    made.close();
    const ask = (path: string) => made.fetch(new Request(`http://localhost${path}`, asReader));
    expect((await ask(PATHS.lag)).status).toBe(200);
    const stream = await ask(PATHS.stream);
    expect([stream.status, ((await stream.json()) as { code: string }).code]).toEqual([503, 'READFLEET_HTTP_CLOSED']);
  });

  test('with its fleet, a handler that nobody closed lets go of the channels', async () => {
    const other = await connect(local.contract);
    handler.close();
    const before = channels.event.hasSubscribers;
    monitoringHandler(other, { token: TOKEN, metrics: false });
    expect(channels.decision.hasSubscribers).toBe(true);
    await other.close();
    expect(channels.event.hasSubscribers).toBe(before);
  });
});
