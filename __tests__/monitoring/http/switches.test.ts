import { connect, type Fleet, type MemberStatus } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type Action, type LagBody, type MonitoringHandler, monitoringHandler, PATHS } from '../../../monitoring/http';
import { begun } from '../../support/activity';
import { memberOf, readsDuring, times } from '../../support/counts';
import { eventually } from '../../support/eventually';
import { EventReader } from './support/events';
import { ADMIN, asReader, order, TOKEN } from './support/requests';

let local: LocalFleet;
let fleet: Fleet;
let handler: MonitoringHandler;

const run = jest.fn<Promise<string | undefined>, [string | undefined]>();
const action = (name: string, on: Action['on']): Action => ({ name, label: `Do ${name}`, help: 'It helps.', on, run });

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.primary.query('create table note (body text)');
});

afterAll(() => local?.stop());

beforeEach(async () => {
  run.mockReset();
  fleet = await connect(local.contract, { balancer: 'round-robin', endpoints: { search: {} }, slowStartMs: 0 });
  handler = monitoringHandler(fleet, {
    token: TOKEN,
    admin: ADMIN,
    actions: [
      action('fleetwide', 'fleet'),
      action('first', 'primary'),
      action('second', 'replica'),
      action('any', 'member'),
    ],
  });
});

afterEach(() => fleet?.close());

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await handler.fetch(new Request(`http://localhost${path}`, asReader));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function send(verb: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await handler.fetch(new Request(`http://localhost${PATHS.admin}/${verb}`, order(body)));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The events so far, as whoever opens the page now sees them. */
async function told(): Promise<string[]> {
  const response = await handler.fetch(new Request(`http://localhost${PATHS.stream}`, asReader));
  const events = new EventReader(response);
  const hello = await events.next();
  await events.leave();
  return hello?.data.told.map(({ event, text }: { event: string; text: string }) => `${event}: ${text}`);
}

const readsOfReplicas = async (endpoint?: string) => {
  const reads = await readsDuring(fleet, () =>
    times(4, () => fleet.read('select 1', [], endpoint ? { endpoint } : {})),
  );
  return (reads.blue ?? 0) + (reads.green ?? 0);
};

async function busyReplica(): Promise<string> {
  const busy = await eventually(() => fleet.replicas.list().find(({ inFlight }) => inFlight > 0) ?? false);
  return (busy as MemberStatus).name;
}

test('an endpoint is disabled, and enabled again', async () => {
  expect(await send('endpoints/search/disable')).toEqual({
    status: 200,
    body: { endpoint: 'search', enabled: false, rollout: 0, seen: true },
  });
  expect(await readsOfReplicas('search')).toBe(0);
  expect(await readsOfReplicas()).toBe(4);
  expect((await send('endpoints/search/enable')).body).toEqual({
    endpoint: 'search',
    enabled: true,
    rollout: 100,
    seen: true,
  });
  expect(await readsOfReplicas('search')).toBe(4);
  expect(await told()).toEqual(['switch: search disabled: its reads go to the primary', 'switch: search enabled']);
});

test('an endpoint is rolled out to a share of its keys', async () => {
  expect((await send('endpoints/search/rollout', { percent: 12.5 })).body).toMatchObject({
    enabled: true,
    rollout: 12.5,
  });
  expect(fleet.flags.list()).toEqual([{ endpoint: 'search', enabled: true, percent: 12.5 }]);
  expect(await told()).toEqual(['switch: search at 12.5 %']);
});

test('a share that is refused changes nothing and is not told', async () => {
  expect((await send('endpoints/search/rollout', { percent: -1 })).status).toBe(422);
  expect(fleet.flags.list()).toMatchObject([{ percent: 100 }]);
  expect(await told()).toEqual([]);
});

test('an endpoint of which nobody has heard may be set, since its first read may yet come; it is said', async () => {
  expect((await send('endpoints/serach/disable')).body).toMatchObject({
    endpoint: 'serach',
    enabled: false,
    seen: false,
  });
  expect(await told()).toEqual([
    'switch: serach disabled: its reads go to the primary (no read of this process has named it yet)',
  ]);
  await fleet.read('select 1', [], { endpoint: 'feed' });
  expect((await send('endpoints/feed/disable')).body).toMatchObject({ seen: true });
});

test('all endpoints are switched off, and back to what each was', async () => {
  await send('endpoints/search/rollout', { percent: 25 });
  const flags = { endpoints: [{ endpoint: 'search', enabled: true, rollout: 25 }] };
  expect((await send('endpoints/disable-all')).body).toEqual({ allOff: true, ...flags });
  expect(await readsOfReplicas()).toBe(0);
  expect((await get(PATHS.health)).body).toMatchObject({
    healthy: true,
    replicasEnabled: false,
    message: 'All 2 replicas are healthy; all endpoints are switched off: every read goes to the primary',
  });
  expect((await send('endpoints/enable-all')).body).toEqual({ allOff: false, ...flags });
  expect(await readsOfReplicas()).toBe(4);
});

test('a breaker is opened, held closed, and automatic again', async () => {
  expect((await send('members/blue/breaker/open')).body).toMatchObject({
    name: 'blue',
    state: 'ejected',
    breaker: { state: 'open', forced: 'open' },
  });
  expect(await readsDuring(fleet, () => times(4, () => fleet.read('select 1')))).toMatchObject({ blue: 0, green: 4 });
  expect((await send('members/blue/breaker/closed')).body).toMatchObject({
    breaker: { state: 'closed', forced: 'closed' },
  });
  expect((await send('members/blue/breaker/reset')).body).toMatchObject({ breaker: { state: 'closed', forced: null } });
  expect(await told()).toEqual(
    expect.arrayContaining([
      'switch: blue: breaker held open',
      'switch: blue: breaker held closed, whatever fails',
      'switch: blue: breaker automatic again',
    ]),
  );
});

test('a replica is drained: the answer does not wait, and it is told once nothing is under way', async () => {
  const controller = new AbortController();
  const slow = fleet
    .read(`select pg_sleep(60), 'is drained'`, [], { signal: controller.signal })
    .catch(() => undefined);
  const busy = await busyReplica();
  await begun(local.replica(busy), 'is drained');
  expect(await send(`members/${busy}/drain`)).toMatchObject({ status: 202, body: { state: 'draining', inFlight: 1 } });
  expect((await send(`members/${busy}/drain`)).status).toBe(202);
  expect((await get(PATHS.health)).body).toMatchObject({
    healthy: true,
    message: `1 of 2 replicas at their best, none unhealthy; draining: ${busy}`,
  });
  const quiet = `switch: ${busy} is quiet: nothing is under way there`;
  expect(await told()).not.toContain(quiet);
  controller.abort();
  await slow;
  await eventually(async () => (await told()).includes(quiet));
  expect((await told()).filter((text) => text === quiet)).toHaveLength(1);
  expect((await send(`members/${busy}/undrain`)).body).toMatchObject({ state: 'serving' });
});

test('a replica that is taken back before it was quiet is never told to be', async () => {
  const controller = new AbortController();
  const reading = fleet
    .read(`select pg_sleep(60), 'taken back'`, [], { signal: controller.signal })
    .catch(() => undefined);
  const busy = await busyReplica();
  await send(`members/${busy}/drain`);
  await send(`members/${busy}/undrain`);
  controller.abort();
  await reading;
  await eventually(() => memberOf(fleet, busy).inFlight === 0);
  await fleet.replicas.drain(busy, { timeoutMs: 0 });
  fleet.replicas.undrain(busy);
  expect((await told()).filter((text) => text.includes('quiet'))).toEqual([]);
});

test('an action is run on the member that was named, and what it says is told', async () => {
  run.mockResolvedValue('Done to blue');
  expect(await send('actions/second', { member: 'blue' })).toEqual({ status: 200, body: { text: 'Done to blue' } });
  expect(run.mock.calls).toEqual([['blue']]);
  expect(await told()).toEqual(['switch: Done to blue']);
});

test.each([
  ['fleetwide', {}, undefined],
  ['first', {}, 'primary'],
  ['first', { member: 'primary' }, 'primary'],
  ['any', { member: 'primary' }, 'primary'],
  ['any', { member: 'green' }, 'green'],
])('the action %s with %j acts on %s, and is told by its label', async (name, body, member) => {
  run.mockResolvedValue(undefined);
  expect((await send(`actions/${name}`, body)).body).toEqual({ text: `Do ${name}` });
  expect(run.mock.calls).toEqual([[member]]);
});

test.each([
  ['dance', {}, 404, 'There is no action "dance". There are: fleetwide, first, second, any.'],
  ['second', { member: 'red' }, 404, 'The fleet has no replica "red". It has: blue, green.'],
  ['second', { member: 'primary' }, 404, 'The fleet has no replica "primary". It has: blue, green.'],
  ['first', { member: 'blue' }, 404, 'The fleet has no primary "blue". It has: primary.'],
  ['second', {}, 422, '"second" acts on a replica: write e.g. { "member": "blue" }.'],
  ['second', { member: 7 }, 422, '"second" acts on a replica: write e.g. { "member": "blue" }.'],
  ['fleetwide', { member: 'blue' }, 422, '"fleetwide" acts on the fleet: leave out "member".'],
])('the action %s with %j is refused with %d: %s', async (name, body, status, detail) => {
  expect(await send(`actions/${name}`, body)).toMatchObject({ status, body: { detail } });
  expect(run).not.toHaveBeenCalled();
});

test('an action that fails is told as such', async () => {
  run.mockRejectedValue(new Error('no such process'));
  expect(await send('actions/any', { member: 'blue' })).toMatchObject({
    status: 500,
    body: { code: 'READFLEET_HTTP_ACTION_FAILED', detail: 'Do any: blue failed: no such process' },
  });
  expect(await told()).toEqual(['switch: Do any: blue failed: no such process']);
});

describe('what befalls the replicas shows', () => {
  test('lag, of one that does not replay', async () => {
    await local.replica('blue').pauseReplay();
    try {
      await fleet.write(`insert into note select repeat('x', 100) from generate_series(1, 1000)`);
      const lags = async () => (await get(PATHS.lag)).body.replicas as LagBody['replicas'];
      await eventually(async () => (await lags())[0]?.status === 'lagging');
      const [blue, green] = await lags();
      expect(blue).toEqual({
        name: 'blue',
        lagSeconds: expect.any(Number),
        lagBytes: expect.any(Number),
        status: 'lagging',
      });
      expect(blue?.lagSeconds).toBeGreaterThan(1);
      expect(blue?.lagBytes).toBeGreaterThan(0);
      expect(green).toMatchObject({ name: 'green', status: 'healthy' });
      // It serves what may be older.
      expect(await get(PATHS.health)).toMatchObject({
        status: 200,
        body: { healthy: true, message: '1 of 2 replicas at their best, none unhealthy; lagging: blue' },
      });
    } finally {
      await local.replica('blue').resumeReplay();
    }
    await eventually(async () => (await get(PATHS.health)).body.message === 'All 2 replicas are healthy');
  });

  test('ill health, of one that was killed, until it is back', async () => {
    await local.replica('green').kill();
    try {
      await eventually(async () => (await get(PATHS.health)).status === 503);
      const { body } = await get(PATHS.health);
      expect(body).toMatchObject({
        healthy: false,
        replicasEnabled: true,
        replicaCount: 2,
        message: expect.stringMatching(/^1 of 2 replicas is not healthy: green \(.+\)$/),
        replicas: [
          { name: 'blue', status: 'healthy', reason: null },
          { name: 'green', status: 'unhealthy', reason: expect.any(String) },
        ],
      });
      expect((await get(PATHS.lag)).body.replicas).toMatchObject([
        {},
        { lagSeconds: null, lagBytes: null, status: 'unhealthy' },
      ]);
    } finally {
      await local.replica('green').restart();
    }
    await eventually(async () => (await get(PATHS.health)).status === 200);
  });

  test('connections that are in use', async () => {
    const client = await fleet.writePool.connect();
    await client.query('select 1');
    expect((await get(PATHS.pools)).body).toMatchObject({ primary: { active_connections: 1 } });
    client.release();
    await eventually(
      async () => ((await get(PATHS.pools)).body.primary as { active_connections: number }).active_connections === 0,
    );
  });
});
