import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { parseContract } from '../../lib/contract';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { leftOf } from '../support/footprint';

let fleet: LocalFleet;

beforeAll(async () => {
  fleet = await startLocalFleet({ replicas: 2, fleet: 'orders', environment: 'test', database: 'shop' });
  await fleet.primary.query('create table notes (id int primary key)');
});

afterAll(async () => {
  await fleet?.stop();
});

let lastNote = 0;

/** Writes a row to the primary that no replica has seen. */
async function writeNote(): Promise<number> {
  lastNote += 1;
  await fleet.primary.query('insert into notes values ($1)', [lastNote]);
  return lastNote;
}

async function has(member: LocalMember, note: number): Promise<boolean> {
  return (await member.query('select from notes where id = $1', [note])).length === 1;
}

async function slots(): Promise<Record<string, boolean>> {
  const rows = await fleet.primary.query<{ slot_name: string; active: boolean }>(
    'select slot_name, active from pg_replication_slots order by 1',
  );
  return Object.fromEntries(rows.map((row) => [row.slot_name, row.active]));
}

test('a primary and its replicas are up, each in its role', async () => {
  expect(fleet.members.map(({ name, role, state }) => [name, role, state])).toEqual([
    ['primary', 'primary', 'running'],
    ['replica-1', 'replica', 'running'],
    ['replica-2', 'replica', 'running'],
  ]);
  for (const member of fleet.members) {
    const [row] = await member.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
    expect(row?.standby).toBe(member.role === 'replica');
  }
});

test('replicas stream, each through a slot of its own, under their own names', async () => {
  const rows = await fleet.primary.query(
    `select application_name, state, slot_name from pg_stat_replication join pg_replication_slots on pid = active_pid order by 1`,
  );

  expect(rows).toEqual([
    { application_name: 'replica-1', state: 'streaming', slot_name: 'replica_1' },
    { application_name: 'replica-2', state: 'streaming', slot_name: 'replica_2' },
  ]);
});

test('what is written on the primary appears on every replica', async () => {
  const note = await writeNote();

  for (const replica of fleet.replicas) await eventually(() => has(replica, note));
});

test('the contract is one that any app can read', async () => {
  const contract = parseContract(JSON.stringify(fleet.contract));

  expect(contract).toMatchObject({
    fleet: 'orders',
    environment: 'test',
    topology: 'instances',
    engine: { major: Number.parseInt(fleet.version, 10) },
    database: 'shop',
    auth: { kind: 'password', user: 'postgres' },
    tls: 'disable',
    writer: { name: 'primary', host: '127.0.0.1', port: fleet.primary.port },
    readers: fleet.replicas.map(({ name, host, port }) => ({ name, host, port })),
  });
});

test('the contract lands in a file that only its owner can read', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'readfleet-test-'));
  const file = path.join(directory, 'new', 'contract.json');

  await fleet.writeContract(file);

  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(fleet.contract);
  expect(statSync(file).mode & 0o077).toBe(0);
  await rm(directory, { recursive: true });
});

test('nobody gets in without the password', async () => {
  const url = new URL(fleet.primary.url);
  url.password = 'wrong';
  const client = new Client({ connectionString: url.href });
  client.on('error', () => undefined);

  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
});

test('a paused replica receives and does not replay, until it is resumed', async () => {
  const [paused, other] = [fleet.replica('replica-1'), fleet.replica('replica-2')];
  await paused.pauseReplay();
  const note = await writeNote();
  const [written] = await fleet.primary.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');

  await eventually(() => has(other, note));
  await eventually(async () => {
    const [row] = await paused.query<{ there: boolean }>('select pg_last_wal_receive_lsn() >= $1 as there', [
      written?.lsn,
    ]);
    return row?.there === true;
  });
  expect(await has(paused, note)).toBe(false);

  await paused.resumeReplay();
  await eventually(() => has(paused, note));
});

test('a killed replica is gone at once, keeps its slot, and streams again after restart on the same port', async () => {
  const replica = fleet.replica('replica-1');
  const { port, pid } = replica;

  await replica.kill();

  expect(replica).toMatchObject({ state: 'crashed', pid: undefined });
  await expect(replica.query('select 1')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
  await eventually(async () => (await slots()).replica_1 === false);
  const note = await writeNote();

  await replica.restart();

  expect(replica).toMatchObject({ state: 'running', port });
  expect(replica.pid).not.toBe(pid);
  expect(await has(replica, note)).toBe(true);
});

test('a killed primary keeps its data and port, and its replicas find it again', async () => {
  const before = await writeNote();
  const { port } = fleet.primary;

  await fleet.primary.kill();
  expect(fleet.primary.state).toBe('crashed');
  await fleet.primary.restart();

  expect(fleet.primary.port).toBe(port);
  expect(await has(fleet.primary, before)).toBe(true);
  const after = await writeNote();
  for (const replica of fleet.replicas) await eventually(() => has(replica, after));
});

test('an orderly stop and restart keep data and port', async () => {
  const replica = fleet.replica('replica-2');
  const { port } = replica;

  await replica.stop();
  expect(replica.state).toBe('stopped');
  await replica.stop();
  const note = await writeNote();
  await replica.restart();

  expect(replica).toMatchObject({ state: 'running', port });
  expect(await has(replica, note)).toBe(true);
});

test('a member that someone else kills is seen as crashed, and nothing of this process falls with it', async () => {
  const replica = fleet.replica('replica-2');

  process.kill(replica.pid ?? Number.NaN, 'SIGKILL');

  await eventually(() => replica.state === 'crashed');
  await replica.restart();
  expect(replica.state).toBe('running');
});

test('a frozen replica accepts connections and says nothing, until it is thawed', async () => {
  const replica = fleet.replica('replica-2');
  await replica.freeze();
  expect(replica.state).toBe('frozen');

  const socket = createConnection({ host: replica.host, port: replica.port });
  const answers: Buffer[] = [];
  socket.on('data', (answer) => answers.push(answer));
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  // SSLRequest: a server that lives answers with one letter.
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  const note = await writeNote();
  await eventually(() => has(fleet.replica('replica-1'), note));
  expect(answers).toEqual([]);

  await replica.thaw();

  await eventually(() => Buffer.concat(answers).toString() === 'N');
  socket.destroy();
  expect(replica.state).toBe('running');
  await eventually(() => has(replica, note));
});

test('a frozen member can be killed, and restarted', async () => {
  const replica = fleet.replica('replica-1');

  await replica.freeze();
  await replica.kill();
  expect(replica.state).toBe('crashed');
  await replica.restart();
  await replica.freeze();
  await replica.restart();

  expect(replica.state).toBe('running');
});

test('a replica added while the primary is written to has all the data, and leaves no slot when it is removed', async () => {
  let writing = true;
  const writer = (async () => {
    for (let round = 0; writing; round++) {
      await writeNote();
      await fleet.primary.query(
        `create table churn_${round} as select generate_series(1, 100) id; drop table churn_${round}`,
      );
    }
  })();

  const added = await fleet.addReplica();
  writing = false;
  await writer;

  expect(added.name).toBe('replica-3');
  expect(fleet.contract.readers.map((reader) => reader.name)).toEqual(['replica-1', 'replica-2', 'replica-3']);
  await eventually(() => has(added, lastNote));
  expect(await added.query('select count(*) from notes')).toEqual(
    await fleet.primary.query('select count(*) from notes'),
  );

  const { dataDir } = added;
  await fleet.removeReplica('replica-3');

  expect(fleet.contract.readers.map((reader) => reader.name)).toEqual(['replica-1', 'replica-2']);
  expect(Object.keys(await slots())).toEqual(['replica_1', 'replica_2']);
  expect(leftOf(dataDir)).toEqual([]);
  expect(() => fleet.replica('replica-3')).toThrow(expect.objectContaining({ code: 'READFLEET_LOCAL_NO_MEMBER' }));
});

test('replicas can be added at the same time', async () => {
  const added = await Promise.all([fleet.addReplica(), fleet.addReplica(), fleet.addReplica('blue')]);

  expect(added.map((replica) => replica.name)).toEqual(['replica-3', 'replica-4', 'blue']);
  await Promise.all(added.map((replica) => fleet.removeReplica(replica.name)));
  expect(Object.keys(await slots())).toEqual(['replica_1', 'replica_2']);
});

test('what fails while a member is worked on names the member', async () => {
  const replica = fleet.replica('replica-2');
  process.kill(replica.pid ?? Number.NaN, 'SIGKILL');

  // In the same turn of the event loop: nobody has seen the end of the server yet.
  await expect(replica.pauseReplay()).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_CONTROL',
    message: expect.stringMatching(/^replica-2: /),
  });
  await replica.restart();
});

test('a Ctrl-C in the terminal does not reach the servers: each is in a session of its own', () => {
  for (const member of fleet.members) {
    const group = Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(member.pid)], { encoding: 'utf8' }));
    expect(group).toBe(member.pid);
  }
});

test('a replica cannot be added under a bad name, a taken name, or while the primary is down', async () => {
  await expect(fleet.addReplica('No_Good')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_OPTIONS' });
  await expect(fleet.addReplica('primary')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_OPTIONS' });
  await expect(fleet.addReplica('replica-1')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_OPTIONS' });
  await fleet.primary.freeze();
  await expect(fleet.addReplica('late')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
  await fleet.primary.thaw();
});

test('only replicas can be paused, resumed and promoted', async () => {
  for (const operation of ['pauseReplay', 'resumeReplay', 'promote'] as const) {
    await expect(fleet.primary[operation]()).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_NOT_A_REPLICA',
      message: expect.stringContaining('primary'),
    });
  }
});

test('a promoted replica takes writes, open sessions included, and the contract does not know', async () => {
  const replica = fleet.replica('replica-1');
  const session = new Client({ connectionString: replica.url });
  session.on('error', () => undefined);
  await session.connect();
  await expect(session.query('insert into notes values (-1)')).rejects.toMatchObject({ code: '25006' });
  const before = fleet.contract;

  await replica.promote();

  await session.query('insert into notes values (-1)');
  await session.end();
  expect(replica.role).toBe('primary');
  expect(fleet.contract).toEqual(before);
  const note = await writeNote();
  await eventually(() => has(fleet.replica('replica-2'), note));
  expect(await has(fleet.replica('replica-2'), -1)).toBe(false);
});

test('stop ends every member whatever its state, removes everything, and may be called again', async () => {
  await fleet.replica('replica-1').kill();
  await fleet.replica('replica-2').freeze();
  const { directory } = fleet;

  await Promise.all([fleet.stop(), fleet.stop()]);
  await fleet.stop();

  expect(leftOf(directory)).toEqual([]);
  await expect(fleet.addReplica()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_STOPPED' });
  await expect(fleet.primary.restart()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_STOPPED' });
});
