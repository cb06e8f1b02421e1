import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { type LocalMember, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { leftOf, processesIn } from '../support/footprint';
import { reachableDirectory } from '../support/reachable-directory';

let home: string;
/** A directory that does not exist yet. */
let dataDir: string;

beforeEach(async () => {
  home = await reachableDirectory();
  dataDir = path.join(home, 'fleet');
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

test('data stay after stop, and a later start resumes the same fleet', async () => {
  const first = await startLocalFleet({
    dataDir,
    replicas: ['blue', 'green'],
    fleet: 'orders',
    parameters: { work_mem: '9MB' },
  });
  await first.primary.query('create table notes as select 1 as id');
  await first.removeReplica('green');
  await first.addReplica('red');
  const { contract } = first;
  await first.stop();
  expect(processesIn(dataDir)).toEqual([]);
  expect(await readdir(dataDir)).toEqual(['blue', 'primary', 'readfleet.json', 'red']);

  await using second = await startLocalFleet({ dataDir });

  expect(second.contract).toEqual(contract);
  expect(await second.replica('red').query('select id from notes')).toEqual([{ id: 1 }]);
  expect(await second.primary.query('show work_mem')).toEqual([{ work_mem: '9MB' }]);
  const [row] = await second.primary.query<{ count: string }>(
    "select count(*) from pg_stat_replication where state = 'streaming'",
  );
  expect(row?.count).toBe('2');
});

test('a fleet whose ports were taken meanwhile resumes on others', async () => {
  const first = await startLocalFleet({ dataDir, replicas: 1 });
  const { port } = first.primary;
  await first.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));

  const second = await startLocalFleet({ dataDir });

  expect(second.primary.port).not.toBe(port);
  expect(second.replica('replica-1').state).toBe('running');
  await second.stop();
  other.close();
});

test('two fleets cannot use one directory, and the first is not disturbed', async () => {
  const fleet = await startLocalFleet({ dataDir, replicas: 0 });

  await expect(startLocalFleet({ dataDir })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_DATA_DIR_IN_USE',
    message: expect.stringContaining(`process ${process.pid}`),
  });

  expect(await fleet.primary.query('select 1 as one')).toEqual([{ one: 1 }]);
  await fleet.stop();
  await (await startLocalFleet({ dataDir })).stop();
});

test('a directory that holds something else is refused and left as it was', async () => {
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, 'thesis.txt'), 'years of work');

  await expect(startLocalFleet({ dataDir })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_DATA_DIR_FOREIGN',
    message: expect.stringContaining('thesis.txt'),
  });

  expect(await readdir(dataDir)).toEqual(['thesis.txt']);
});

test('other replicas than the directory has are refused', async () => {
  await (await startLocalFleet({ dataDir, replicas: 1 })).stop();

  await expect(startLocalFleet({ dataDir, replicas: 2 })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_DATA_DIR_DIFFERS',
    message: expect.stringContaining('Leave out `replicas`'),
  });
  expect(await readdir(dataDir)).toEqual(['primary', 'readfleet.json', 'replica-1']);
});

test('a start that fails removes the directory that it made, and spares one that was there', async () => {
  const parameters = { work_mem: 'plenty' };

  await expect(startLocalFleet({ dataDir, parameters })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_SERVER_FAILED',
  });
  expect(leftOf(dataDir)).toEqual([]);

  await mkdir(dataDir, { mode: 0o777 });
  await chmod(dataDir, 0o777);
  await expect(startLocalFleet({ dataDir, parameters })).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_SERVER_FAILED',
  });
  expect(await readdir(dataDir)).toEqual([]);
});

test('a promoted replica stays a primary of its own when the fleet is resumed', async () => {
  const first = await startLocalFleet({ dataDir, replicas: 1 });
  await first.replica('replica-1').promote();
  await first.stop();

  await using second = await startLocalFleet({ dataDir });

  expect(second.replica('replica-1').role).toBe('primary');
  await second.replica('replica-1').query('create table mine ()');
});

test('a directory remembers who is primary, and a former one stays down until it is told', async () => {
  const first = await startLocalFleet({ dataDir, replicas: ['blue', 'green', 'red'] });
  await first.primary.query('create table notes (text text)');
  await first.failOver('blue');
  await first.replica('red').promote();
  await first.replica('green').follow(first.replica('red'));
  await first.replica('red').query("insert into notes values ('from red')");
  const { contract } = first;
  await first.stop();

  await using second = await startLocalFleet({ dataDir });
  const [red, green] = [second.replica('red'), second.replica('green')];
  const has = async (member: LocalMember, text: string) =>
    (await member.query('select from notes where text = $1', [text])).length === 1;

  expect(second.contract).toEqual(contract);
  expect(second.formerPrimaries).toMatchObject([{ name: 'primary', state: 'stopped' }]);
  await eventually(() => has(green, 'from red'));
  await red.query("insert into notes values ('more')");
  await eventually(() => has(green, 'more'));
  await second.rejoin('primary');
  await second.rejoin('green');
  await second.primary.query("insert into notes values ('from blue')");
  for (const member of [second.member('primary'), green]) {
    await eventually(() => has(member, 'from blue'));
    expect(await has(member, 'from red')).toBe(false);
  }
});
