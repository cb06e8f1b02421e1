import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Fleet, type FleetContract } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';

/** Longer than a sound server takes on a busy machine, and all that a silent one is waited for. */
const SOON = { timeoutMs: 400 };

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

test('the contract may be a file, as a fleet on AWS hands it out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readfleet-connect-'));
  try {
    const file = join(folder, 'fleet.json');
    await local.writeContract(file);
    const fleet = await connect({ file });
    expect(fleet.contract).toEqual(local.contract);
    expect((await fleet.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await fleet.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a contract that is wrong is refused before anything is asked', async () => {
  await expect(connect({ ...local.contract, database: '' })).rejects.toMatchObject({
    code: 'READFLEET_CONTRACT_INVALID',
  });
});

test.each([undefined, null, 'fleet.json', {}])('%j is no contract', async (source) => {
  await expect(connect(source as never)).rejects.toMatchObject({ code: 'READFLEET_CONTRACT_INVALID' });
});

test.each<[object, RegExp]>([
  [{ file: 'fleet.json', wacth: true }, /"wacth" has no place beside "file"\. There may be: file, watch\./],
  [{ file: 'fleet.json', ssm: 'name' }, /"ssm" has no place beside "file"/],
  [{ ssm: 'name', watch: true }, /"watch" has no place beside "ssm"\. There may be: ssm, region\./],
  [
    { path: 'fleet.json' },
    /"path" is neither where a contract is nor a part of one\. Give \{ file \}, \{ env: process\.env \}/,
  ],
  [{ connectionString: 'postgres://app:s3cret@db/shop' }, /^connect\(\): "connectionString" is neither[^@]*$/],
])('%j is no place of a contract', async (source, message) => {
  await expect(connect(source as never)).rejects.toMatchObject({
    code: 'READFLEET_OPTIONS_INVALID',
    message: expect.stringMatching(message),
  });
});

test('options that are wrong are refused before anything is asked', async () => {
  await expect(connect(local.contract, { maxStalenessMs: -1 })).rejects.toMatchObject({
    code: 'READFLEET_OPTIONS_INVALID',
  });
});

test('a fleet without readers reads from its primary', async () => {
  const fleet = await connect({ ...local.contract, readers: [] });
  let fallbacks = 0;
  fleet.on('fallback', () => (fallbacks += 1));
  expect((await fleet.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(fleet.status().members).toMatchObject([{ name: 'primary', reads: 1 }]);
  // Nothing fell back: there was nowhere else to be.
  expect(fallbacks).toBe(0);
  await fleet.close();
});

test('a replica that is down, and a name that does not resolve, keep no app from coming up', async () => {
  const [blue] = local.contract.readers;
  const contract: FleetContract = {
    ...local.contract,
    readers: [
      { ...blue, name: 'down', port: 1 } as FleetContract['writer'],
      { name: 'nowhere', host: 'nowhere.invalid', port: 5432 },
      blue as FleetContract['writer'],
    ],
  };
  const fleet = await connect(contract);
  for (let turn = 0; turn < 6; turn += 1) await fleet.query('select 1');
  expect(fleet.status().members.map(({ name, reads, state }) => [name, reads, state.kind])).toEqual([
    ['primary', 0, 'serving'],
    ['down', 0, 'ejected'],
    ['nowhere', 0, 'ejected'],
    ['blue', 6, 'serving'],
  ]);
  await fleet.close();
});

test('the primary may be down too', async () => {
  const fleet = await connect({ ...local.contract, writer: { ...local.contract.writer, port: 1 } });
  expect((await fleet.query('select 1 as one', [], { maxStalenessMs: Number.POSITIVE_INFINITY })).rows).toEqual([
    { one: 1 },
  ]);
  await fleet.close();
});

test('when nobody answers, the error says so of each member, and no connection stays', async () => {
  const gone = (member: FleetContract['writer']) => ({ ...member, port: 1 });
  const contract = {
    ...local.contract,
    writer: gone(local.contract.writer),
    readers: local.contract.readers.map(gone),
  };
  await expect(connect(contract)).rejects.toMatchObject({
    code: 'READFLEET_NO_MEMBER',
    message: expect.stringMatching(
      /no member can be reached\. primary \(127\.0\.0\.1:1\): connect ECONNREFUSED.*; blue .*; green /,
    ),
  });
});

test('servers that are too busy to answer at first are asked again, before they are given up', async () => {
  const { writer } = local.contract;
  const sockets: Socket[] = [];
  // Takes two connections without a word, and passes on the others.
  const busy = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    if (sockets.length <= 2) return;
    const server = createConnection(writer.port, writer.host).on('error', () => undefined);
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const { port } = busy.address() as AddressInfo;
  try {
    await using fleet = await connect({ ...local.contract, writer: { ...writer, port }, readers: [] }, { lag: SOON });
    expect((await fleet.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(sockets.length).toBeGreaterThan(2);
  } finally {
    for (const socket of sockets) socket.destroy();
    busy.close();
  }
});

test('but not for ever', async () => {
  let connections = 0;
  const silent = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const contract = { ...local.contract, writer: { ...local.contract.writer, port }, readers: [] };

  await expect(connect(contract, { lag: SOON })).rejects.toMatchObject({ code: 'READFLEET_NO_MEMBER' });
  expect(connections).toBe(5);
  silent.close();
});

test('a wrong password is told in the server’s words', async () => {
  await expect(connect(local.contract, { password: 'wrong' })).rejects.toMatchObject({
    message: expect.stringContaining('password authentication failed'),
  });
});

test('the password may be made anew for each connection', async () => {
  const { auth } = local.contract;
  let made = 0;
  const fleet = await connect(local.contract, {
    password: async () => {
      made += 1;
      return auth.kind === 'password' ? auth.password : '';
    },
  });
  await fleet.query('select 1');
  // One for each member's watch, one for the pool that read, one for the primary's catalogue.
  expect(made).toBeGreaterThanOrEqual(4);
  await fleet.close();
});

test('connections bear the app’s name, and none is left after close', async () => {
  const named = async () => {
    const [row] = await local.primary.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where application_name = 'shop'`,
    );
    return row?.n ?? 0;
  };
  const fleet = await connect(local.contract, { applicationName: 'shop' });
  await fleet.write('select 1');
  expect(await named()).toBeGreaterThan(0);
  await fleet.close();
  await eventually(async () => (await named()) === 0);
});

test('a fleet that is no longer used is closed', async () => {
  let ended: Fleet;
  {
    await using fleet = await connect(local.contract);
    await fleet.query('select 1');
    ended = fleet;
  }
  await expect(ended.query('select 1')).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
});

test('a role without any privilege sees lag and routes like any other: no pg_monitor is needed in the app', async () => {
  await local.primary.query(`create role app login password 'app'`);
  const fleet = await eventually(() =>
    connect(local.contract, { user: 'app', password: 'app', balancer: 'round-robin' }),
  );
  await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
  for (let turn = 0; turn < 4; turn += 1) await fleet.query('select 1');
  expect(fleet.status().members.map(({ reads }) => reads)).toEqual([0, 2, 2]);
  expect(fleet.status().members[1]?.lag).toEqual({ seconds: expect.any(Number), bytes: expect.any(Number) });
  await fleet.close();
});
