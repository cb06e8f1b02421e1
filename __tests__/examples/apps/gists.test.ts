import { gistsRequest, prepareGists, serveGists } from '../../../examples/apps/gists/app';
import { gistsOptions } from '../../../examples/apps/gists/data-source';
import { eventually } from '../../support/eventually';
import { decisionsOf, loseReplicasUnderLoad, type Rig, startRig } from './rig';

const COUNT = 5_000;
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(gistsOptions, (fleet) => prepareGists(fleet, COUNT), serveGists);
});
afterAll(() => rig?.end());
afterEach(async () => {
  rig.fleet.flags.enableAll();
  await rig.sound();
});

const leave = (body: string, place = { lat: 10, lon: 20 }) =>
  rig.call('POST', '/gists', { body: { author: 'ada', body, ...place } });
const pause = () => Promise.all(rig.local.replicas.map((replica) => replica.pauseReplay()));

describe('gists', () => {
  test('that are near are found, the nearest first, and no others', async () => {
    const { body } = await rig.call('GET', '/gists/nearby?lat=48.2&lon=16.4&km=2');

    const expected = await rig.local.primary.query<{ id: string }>(
      `select id from gist
       where abs(lat - 48.2) <= 2 / 111.2 and abs(lon - 16.4) <= 2 / 111.2 / cos(radians(48.2))
       order by power(lat - 48.2, 2) + power((lon - 16.4) * cos(radians(48.2)), 2), id limit 50`,
    );
    expect(body.map(({ id }: { id: string }) => id)).toEqual(expected.map(({ id }) => id));
    expect(body.length).toBeGreaterThan(5);
  });

  test('come newest first, page by page', async () => {
    const first = (await rig.call('GET', '/gists')).body;
    const second = (await rig.call('GET', `/gists?before=${first.at(-1).id}`)).body;

    const ids = [...first, ...second].map(({ id }) => Number(id));
    expect(ids).toHaveLength(100);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(100);
  });

  test('can be left and taken away', async () => {
    const { status, body, cookie } = await leave('here today');

    expect(status).toBe(201);
    expect(body).toMatchObject({ author: 'ada', body: 'here today', lat: 10, lon: 20 });
    expect((await rig.call('GET', `/gists/${body.id}`, { headers: { cookie } })).body).toEqual(body);
    const gone = await rig.call('DELETE', `/gists/${body.id}`);
    expect(gone.status).toBe(204);
    expect((await rig.call('GET', `/gists/${body.id}`, { headers: { cookie: gone.cookie } })).status).toBe(404);
  });

  test.each(['/gists/x', '/gists/nearby?lat=91&lon=0', '/gists/nearby?lat=1', '/gists?before=-1'])(
    '%s is the client’s mistake',
    async (path) => {
      expect((await rig.call('GET', path)).status).toBe(400);
    },
  );
});

describe('where TypeORM is sent', () => {
  const targets = async (method: string, path: string, body?: object) => {
    const decisions = await decisionsOf(rig.fleet, () => rig.call(method, path, body && { body }));
    return [...new Set(decisions.map(({ target }) => target))];
  };

  test('what lists and finds: to replicas', async () => {
    expect(await targets('GET', '/gists')).toEqual(['replica']);
    expect(await targets('GET', '/gists/7')).toEqual(['replica']);
    expect(await targets('GET', '/gists/nearby?lat=48.2&lon=16.4')).toEqual(['replica']);
  });

  test('what creates and deletes: to the primary, with replicas or without', async () => {
    for (const replica of rig.local.replicas) await replica.kill();
    const rows = () => rig.local.primary.query('select body from gist where lat = 1 and lon = 1');

    const { body } = await leave('where', { lat: 1, lon: 1 });
    expect(await rows()).toEqual([{ body: 'where' }]);
    expect((await rig.call('DELETE', `/gists/${body.id}`)).status).toBe(204);
    expect(await rows()).toEqual([]);
  });

  test('off switch: nothing is asked of a replica', async () => {
    const reads = () =>
      rig.fleet.status().members.reduce((sum, { role, reads }) => sum + (role === 'replica' ? reads : 0), 0);
    await rig.call('POST', '/internal/v1/system/database/admin/endpoints/disable-all', { body: {} });
    const before = reads();

    for (let turn = 0; turn < 20; turn += 1) await gistsRequest(rig.url, turn);

    expect(reads()).toBe(before);
  });
});

describe('while replicas stand still', () => {
  test('who left a gist finds it', async () => {
    await pause();

    const { body, cookie } = await leave('found at once', { lat: -30, lon: 40 });

    const found = await rig.call('GET', '/gists/nearby?lat=-30&lon=40&km=1', { headers: { cookie } });
    expect(found.body.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  });

  test('others are asked to be patient no longer than the staleness that was configured', async () => {
    await pause();
    await leave('found in time', { lat: -31, lon: 41 });

    await eventually(async () => {
      const { body } = await rig.call('GET', '/gists/nearby?lat=-31&lon=41&km=1');
      return body.length === 1;
    });

    // The replicas still have nothing of it: the primary said so, since they had become too old.
    const [row] = (await rig.local.replicas[0]?.query('select count(*)::int as n from gist where lat = -31')) ?? [];
    expect(row).toEqual({ n: 0 });
  });

  test('the lag is reported', async () => {
    const lag = async () => (await rig.call('GET', '/internal/v1/system/database/replicas/lag')).body;
    await pause();
    await leave('behind');

    const reported = await eventually(async () => {
      const body = await lag();
      return body.replicas.every((replica: { lagBytes: number | null }) => (replica.lagBytes ?? 0) > 0) ? body : false;
    });

    expect(reported.replicas).toHaveLength(2);
  });
});

test('a replica that is killed under load, and then the other one, fails no request', async () => {
  const { done, failures } = await loseReplicasUnderLoad(rig, gistsRequest);

  expect(failures).toEqual([]);
  expect(done).toBeGreaterThan(50);
});

test('it starts while every replica is down', async () => {
  for (const replica of rig.local.replicas) await replica.kill();

  const { url, close } = await serveGists(rig.fleet, 0);
  try {
    const response = await fetch(`${url}/gists/7`);
    expect(response.status).toBe(200);
  } finally {
    await close();
  }
});
