import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ConnectOptions, connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

let local: LocalFleet;
let warnings: jest.SpyInstance;
const fleets: Fleet[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

beforeEach(() => {
  warnings = jest.spyOn(process, 'emitWarning').mockImplementation();
});

afterEach(async () => {
  warnings.mockRestore();
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()));
});

afterAll(() => local?.stop());

function urlOf(name: string, password = passwordOf(), query = ''): string {
  const { user } = local.contract.auth as { user: string };
  const { host, port } = local.member(name).address;
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${local.contract.database}${query}`;
}

const passwordOf = () => (local.contract.auth as { password: string }).password;

async function connected(env: Record<string, string>, options: ConnectOptions = {}): Promise<Fleet> {
  const fleet = await connect({ env }, { balancer: 'round-robin', ...options });
  fleets.push(fleet);
  return fleet;
}

const named = () => ({
  DATABASE_URL: urlOf('primary'),
  DATABASE_REPLICA_URLS: `blue=${urlOf('blue')}, green=${urlOf('green')}`,
});
const enabled = () => ({ ...named(), ENABLE_READ_REPLICAS: 'true' });

/** How many of `count` reads each member served. */
async function served(fleet: Fleet, read: () => Promise<unknown>, count = 4): Promise<readonly number[]> {
  const reads = () => fleet.status().members.map((member) => member.reads);
  const before = reads();
  for (let turn = 0; turn < count; turn += 1) await read();
  return reads().map((now, index) => now - (before[index] as number));
}

const ready = (fleet: Fleet) => eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));

test('a fleet of URLs is read as any other', async () => {
  const fleet = await connected(enabled());
  await ready(fleet);
  expect(fleet.status().members.map(({ name, role }) => [name, role])).toEqual([
    ['primary', 'primary'],
    ['blue', 'replica'],
    ['green', 'replica'],
  ]);
  expect(await served(fleet, () => fleet.query('select 1'))).toEqual([0, 2, 2]);
  expect(warnings).not.toHaveBeenCalled();
});

test('until reading from replicas is switched on everything goes to the primary, and a warning says so', async () => {
  const fleet = await connected(named());
  await ready(fleet);
  expect(await served(fleet, () => fleet.query('select 1'))).toEqual([0, 0, 0]);
  expect((await fleet.query('select pg_is_in_recovery() as standby')).rows).toEqual([{ standby: false }]);
  expect(fleet.status().flags.allOff).toBe(true);
  expect(warnings.mock.calls).toEqual([
    [expect.stringMatching(/^Replicas are named/), { type: 'ReadfleetWarning', code: 'READFLEET_ENV' }],
  ]);
  fleet.flags.enableAll();
  expect(await served(fleet, () => fleet.query('select 1'))).toEqual([0, 2, 2]);
});

test('readReplicas: false holds for any fleet', async () => {
  const fleet = await connect(local.contract, { readReplicas: false });
  fleets.push(fleet);
  expect(await served(fleet, () => fleet.query('select pg_is_in_recovery()'))).toEqual([0, 0, 0]);
});

test('only endpoints that are named read from replicas, and others follow at run time', async () => {
  const fleet = await connected({ ...enabled(), REPLICA_ENABLED_ENDPOINTS: 'message.history' });
  await ready(fleet);
  const read = (endpoint?: string) => () =>
    fleet.query('select 1', [], endpoint === undefined ? undefined : { endpoint });
  expect(await served(fleet, read('message.history'))).toEqual([0, 2, 2]);
  expect(await served(fleet, read('user.profile'))).toEqual([4, 0, 0]);
  expect(await served(fleet, read())).toEqual([4, 0, 0]);
  fleet.flags.enable('user.profile');
  expect(await served(fleet, read('user.profile'))).toEqual([0, 2, 2]);
  fleet.flags.enable('*');
  expect(await served(fleet, read())).toEqual([0, 2, 2]);
  expect(await served(fleet, read('search'))).toEqual([0, 2, 2]);
  fleet.flags.disable('*');
  expect(await served(fleet, read())).toEqual([4, 0, 0]);
});

test.each(['', ' , '])('to take the last endpoint away (%j) leaves none that reads from replicas', async (text) => {
  const fleet = await connected({ ...enabled(), REPLICA_ENABLED_ENDPOINTS: text });
  await ready(fleet);
  expect(await served(fleet, () => fleet.query('select 1', [], { endpoint: 'unread.counter' }))).toEqual([4, 0, 0]);
  expect(await served(fleet, () => fleet.query('select 1'))).toEqual([4, 0, 0]);
  expect(warnings.mock.calls).toEqual([
    [expect.stringMatching(/^REPLICA_ENABLED_ENDPOINTS is set/), { type: 'ReadfleetWarning', code: 'READFLEET_ENV' }],
  ]);
});

test('servers may be named by host and port', async () => {
  const { user, password } = local.contract.auth as { user: string; password: string };
  const hosts = (prefix: string, name: string) => {
    const { host, port } = local.member(name).address;
    return { [`${prefix}_HOST`]: host, [`${prefix}_PORT`]: String(port) };
  };
  const fleet = await connected({
    ...hosts('DB_PRIMARY', 'primary'),
    ...hosts('DB_REPLICA_1', 'blue'),
    ...hosts('DB_REPLICA_2', 'green'),
    ...{ DB_NAME: local.contract.database, DB_USERNAME: user, DB_PASSWORD: password, DB_READ_REPLICAS_ENABLED: 'true' },
  });
  await ready(fleet);
  expect(await served(fleet, () => fleet.query('select 1'))).toEqual([0, 2, 2]);
  expect(fleet.status().members.map(({ name }) => name)).toEqual(['primary', 'replica-1', 'replica-2']);
});

test('a time beyond Node’s timers is a long one', async () => {
  const times = { DB_QUERY_TIMEOUT: '600h', DB_CONNECTION_TIMEOUT: '600h', DB_MAX_IDLE_TIME: '600h' };
  const fleet = await connected({ ...enabled(), ...times, DB_MAX_LIFETIME: '9000h' });
  await ready(fleet);
  for (const timeoutMs of [undefined, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    const { rows } = await fleet.query(
      'select 1 as one, pg_sleep(0.05)',
      [],
      timeoutMs === undefined ? {} : { timeoutMs },
    );
    expect(rows).toMatchObject([{ one: 1 }]);
  }
});

test('each member may have a password of its own', async () => {
  // Of a server that asks for one, which is the same role there: so a wrong one is what shows that it is sent.
  const env = { ...enabled(), DATABASE_REPLICA_URLS: `blue=${urlOf('blue')}, green=${urlOf('green', 'wrong')}` };
  const fleet = await connected(env);
  const failure = () => fleet.status().members.map(({ state }) => state.kind);
  await eventually(() => failure()[1] === 'serving');
  expect(failure()).toEqual(['serving', 'serving', 'ejected']);
});

test('sessions through a pooler are given no settings, and everything works without', async () => {
  const fleet = await connected({ ...enabled(), DATABASE_URL: urlOf('primary', undefined, '?pgbouncer=true') });
  await ready(fleet);
  const { rows } = await fleet.read(`select current_setting('default_transaction_read_only') as own`);
  expect(rows).toEqual([{ own: 'off' }]);
  const direct = await connected(enabled());
  await ready(direct);
  const own = await direct.read(`select current_setting('default_transaction_read_only') as own`);
  expect(own.rows).toEqual([{ own: 'on' }]);
});

test('sizes of pools are as variables say, and as the code says where it does', async () => {
  const sizes = { DATABASE_POOL_SIZE: '7', REPLICA_CONNECTION_POOL_SIZE: '8' };
  const fleet = await connected({ ...enabled(), ...sizes }, { pools: { replicaMax: 9 } });
  expect(fleet.status().members.map(({ pool }) => pool.max)).toEqual([7, 9, 9]);
});

test('READFLEET_CONTRACT is the contract, or names its file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'readfleet-connect-env-'));
  try {
    const file = path.join(folder, 'fleet.json');
    await local.writeContract(file);
    for (const READFLEET_CONTRACT of [JSON.stringify(local.contract), file]) {
      const fleet = await connected({ READFLEET_CONTRACT });
      expect(fleet.contract).toEqual(local.contract);
      expect(fleet.status().flags.allOff).toBe(false);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a socket’s folder is a host', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'readfleet-socket-'));
  const { host, port } = local.primary.address;
  const server = createServer((socket) => {
    const onward = createConnection({ host, port });
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path.join(folder, '.s.PGSQL.6000'), resolve));
  try {
    const url = new URL(urlOf('primary'));
    const DATABASE_URL = `postgresql://${url.username}:${url.password}@${encodeURIComponent(folder)}:6000${url.pathname}`;
    const fleet = await connected({ DATABASE_URL });
    expect((await fleet.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(fleet.status().members).toMatchObject([{ host: folder, port: 6_000 }]);
    await fleet.close();
  } finally {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
});

test('what is wrong is told before anybody is asked', async () => {
  await expect(connect({ env: { DATABASE_URL: 'mysql://x' } })).rejects.toMatchObject({
    code: 'READFLEET_ENV_INVALID',
  });
  await expect(connect({ env: {} }, { maxStalenessMs: -1 })).rejects.toMatchObject({
    code: 'READFLEET_OPTIONS_INVALID',
  });
});
