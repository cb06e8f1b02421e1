import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type MonitoringHandler, monitoringHandler, PATHS } from '../../../monitoring/http';
import { Recorder } from '../../../monitoring/recorder';
import { eventually } from '../../support/eventually';
import { EventReader } from './support/events';
import { faces, nodeFace, parsedExpressFace, type Served } from './support/faces';
import { ADMIN, asReader, bearer, order, TOKEN } from './support/requests';
import { scenarios } from './support/scenarios';

const { admin } = PATHS;

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'], fleet: 'orders', environment: 'laptop' });
});

afterAll(() => local?.stop());

describe.each(faces)('$name', (face) => {
  let fleet: Fleet;
  let handler: MonitoringHandler;
  let served: Served;
  let following: jest.SpyInstance;
  const left: jest.Mock[] = [];

  beforeAll(async () => {
    const { follow } = Recorder.prototype;
    following = jest.spyOn(Recorder.prototype, 'follow').mockImplementation(function (this: Recorder, follower) {
      const leave = jest.fn(follow.call(this, follower));
      left.push(leave);
      return leave;
    });
    fleet = await connect(local.contract, {
      pools: { primaryMax: 3, replicaMax: 2 },
      endpoints: { search: { rollout: 50 } },
    });
    handler = monitoringHandler(fleet, {
      token: ['an old one, xxxxxxxx'.replace(/[ ,]/g, '-'), TOKEN],
      admin: ADMIN,
      ...face.options,
    });
    served = await face.serve(handler);
  });

  afterAll(async () => {
    following.mockRestore();
    await served?.close();
    await fleet?.close();
  });

  test.each(scenarios)('$name', async ({ path, init, status, body, headers = {} }) => {
    const response = await served.send(path, init);
    const text = await response.text();
    expect({ status: response.status, text }).toMatchObject({ status });
    const got = response.headers.get('content-type')?.includes('json') ? JSON.parse(text || 'null') : text;
    if (body !== undefined) expect(text === '' ? '' : got).toEqual(body);
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toEqual(value);
  });

  test('nothing is kept by anybody on the way, nor guessed at', async () => {
    for (const path of [PATHS.lag, PATHS.page, `${PATHS.admin}/endpoints/disable-all`]) {
      const { headers } = await served.send(path);
      expect(headers.get('cache-control')).toBe('no-store, no-transform');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  test('the stream greets, ticks, tells of switches, and lets go of who leaves', async () => {
    left.length = 0;
    const response = await served.send(PATHS.stream, asReader);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = new EventReader(response);
    expect(await events.next()).toMatchObject({
      event: 'hello',
      data: { admin: false, actions: [], status: { fleet: 'orders' }, history: expect.any(Array) },
    });
    await served.send(`${admin}/endpoints/disable-all`, order());
    const by = face.name === 'fetch' ? '' : ', by 127.0.0.1';
    expect(await events.nextOf('told')).toMatchObject({
      event: 'switch',
      tone: 'neutral',
      text: `All endpoints switched off: every read goes to the primary${by}`,
    });
    expect(await events.nextOf('tick')).toMatchObject({ status: { flags: { allOff: true } }, moment: { replica: 0 } });
    await served.send(`${admin}/endpoints/enable-all`, order());
    expect(left).toHaveLength(1);
    expect(left[0]).not.toHaveBeenCalled();
    await events.leave();
    await eventually(() => left[0]?.mock.calls.length === 1);
  });

  test('the stream tells who may use the switches that they may', async () => {
    const events = new EventReader(await served.send(PATHS.stream, { headers: bearer(ADMIN) }));
    expect((await events.next())?.data.admin).toBe(true);
    await events.leave();
  });

  test('with the fleet the streams end, and what is asked afterwards is refused without harm', async () => {
    const events = new EventReader(await served.send(PATHS.stream, asReader));
    await events.next();
    await fleet.close();
    while (await events.next());
    for (const path of [PATHS.lag, PATHS.health, PATHS.pools, PATHS.status, PATHS.stream, PATHS.metrics]) {
      const response = await served.send(path, asReader);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'READFLEET_CLOSED' });
    }
    const refused = await served.send(`${admin}/members/blue/drain`, order());
    expect(refused.status).toBe(503);
    expect((await served.send(PATHS.page)).status).toBe(200);
    expect((await served.send(PATHS.lag)).status).toBe(401);
  });
});

describe('what each face has of its own', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await connect(local.contract);
  });

  afterAll(() => fleet?.close());

  async function serve(name: string): Promise<Served> {
    const face = [...faces, parsedExpressFace].find((other) => other.name === name);
    if (!face) throw new Error(`no face ${name}`);
    return face.serve(monitoringHandler(fleet, { token: TOKEN, admin: ADMIN, ...face.options }));
  }

  test.each(['Express', 'Fastify'])('%s: what is not the handler’s is the app’s', async (name) => {
    const served = await serve(name);
    expect(await (await served.send('/v1/other')).json()).toEqual({ of: 'the app' });
    expect(await (await served.send(`${PATHS.page}/other`)).json()).toEqual({ of: 'the app' });
    await served.close();
  });

  test.each(['node:http', 'fetch'])('%s: what is not the handler’s is answered', async (name) => {
    const served = await serve(name);
    const response = await served.send('/v1/other');
    expect(await response.json()).toMatchObject({
      code: 'READFLEET_HTTP_NOT_FOUND',
      detail: 'There is nothing at /internal/v1/other.',
    });
    await served.close();
  });

  test('Express: a body that a parser has read already is taken as it is', async () => {
    const served = await serve('Express, behind a body parser');
    const path = `${admin}/endpoints/search/rollout`;
    expect((await served.send(path, order({ percent: 30 }))).status).toBe(200);
    expect(fleet.flags.list()).toMatchObject([{ endpoint: 'search', percent: 30 }]);
    expect((await served.send(path, order([]))).status).toBe(422);
    expect((await served.send(`${admin}/endpoints/search/enable`, order())).status).toBe(200);
    const plain = { method: 'POST', headers: { ...bearer(ADMIN), 'content-type': 'text/plain' } };
    expect((await served.send(path, { ...plain, body: '{"percent": 1}' })).status).toBe(415);
    expect((await served.send(path, { ...plain, body: 'x'.repeat(17_000) })).status).toBe(413);
    await served.close();
  });

  test('node:http: a body that somebody has read, and kept nothing of, is not waited for', async () => {
    const core = monitoringHandler(fleet, { token: TOKEN, admin: ADMIN, basePath: '/internal' });
    const reading = Object.assign(
      (request: IncomingMessage, response: ServerResponse) => {
        request.resume().once('end', () => core(request, response));
      },
      { fetch: core.fetch, fastify: core.fastify, close: core.close },
    );
    const served = await nodeFace.serve(reading);
    expect((await served.send(`${admin}/endpoints/search/enable`, order({}))).status).toBe(200);
    await served.close();
    core.close();
  });

  test('Fastify: the app’s own headers are sent along, also with a stream', async () => {
    const served = await serve('Fastify');
    expect((await served.send(PATHS.lag, asReader)).headers.get('x-app')).toBe('yes');
    const stream = await served.send(PATHS.stream, asReader);
    expect(stream.headers.get('x-app')).toBe('yes');
    await stream.body?.cancel();
    await served.close();
  });

  test('Fastify: the app’s other routes keep their parsers', async () => {
    const served = await serve('Fastify');
    const response = await served.send('/../echo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(await response.json()).toEqual({ a: 1 });
    await served.close();
  });
});
