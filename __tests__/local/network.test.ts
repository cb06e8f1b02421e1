import { Client, Pool } from 'pg';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { leftOf, listens } from '../support/footprint';

let fleet: LocalFleet;
let blue: LocalMember;
let green: LocalMember;
const open: (Client | Pool)[] = [];

beforeAll(async () => {
  fleet = await startLocalFleet({ replicas: ['blue', 'green'], network: true });
  [blue, green] = [fleet.replica('blue'), fleet.replica('green')];
});

afterEach(async () => {
  await Promise.all(fleet.members.map((member) => member.network.heal()));
  await Promise.all(open.splice(0).map((client) => client.end().catch(() => undefined)));
});

afterAll(async () => {
  await fleet?.stop();
});

/** As an app does: by the port that the contract names. */
function client(member: LocalMember): Client {
  const opened = new Client({ connectionString: member.address.url, connectionTimeoutMillis: 20_000 });
  opened.on('error', () => undefined);
  open.push(opened);
  return opened;
}

async function connected(member: LocalMember): Promise<Client> {
  const opened = client(member);
  await opened.connect();
  return opened;
}

/** Whether it has come to an end, one way or the other. */
function settled(work: Promise<unknown>): () => boolean {
  let done = false;
  const end = () => {
    done = true;
  };
  work.then(end, end);
  return () => done;
}

test('the contract names the ports of the network, and the servers keep their own', async () => {
  const { writer, readers } = fleet.contract;

  expect([writer, ...readers]).toEqual(
    fleet.members.map(({ name, address: { host, port } }) => ({ name, host, port })),
  );
  const ports = fleet.members.flatMap((member) => [member.port, member.address.port]);
  expect(new Set(ports).size).toBe(6);
  const direct = new URL(blue.url);
  const through = new URL(blue.address.url);
  expect([direct.port, through.port]).toEqual([String(blue.port), String(blue.address.port)]);
  const app = await connected(blue);
  expect((await app.query("select current_setting('cluster_name') as name")).rows).toEqual([{ name: 'blue' }]);
});

test("a fleet without a network names the servers' own ports, and says how to get one", async () => {
  await using plain = await startLocalFleet({ replicas: 0 });

  expect(plain.contract.writer.port).toBe(plain.primary.port);
  expect(plain.primary.address).toEqual({ host: '127.0.0.1', port: plain.primary.port, url: plain.primary.url });
  expect(() => plain.primary.network).toThrow(
    expect.objectContaining({ code: 'READFLEET_LOCAL_NO_NETWORK', message: expect.stringContaining('network: true') }),
  );
});

test('the answer of a delayed member comes after that of one that was asked later', async () => {
  const [slow, fast] = [await connected(blue), await connected(green)];
  blue.network.delay(60, { jitterMs: 20 });
  const answers: string[] = [];

  const late = slow.query('select 1').then(() => answers.push('blue'));
  const early = fast.query('select 1').then(() => answers.push('green'));
  await Promise.all([late, early]);

  expect(answers).toEqual(['green', 'blue']);
});

test('a dropped query hangs, replication and control do not, and heal brings its answer', async () => {
  const app = await connected(blue);
  await app.query('select 1');
  blue.network.drop();

  const answer = app.query('select 1 as one');
  const arrival = client(blue);
  const connecting = arrival.connect();
  const [answered, arrived] = [settled(answer), settled(connecting)];
  await fleet.primary.query('create table seen ()');
  await eventually(() => blue.query('table seen'));
  expect([answered(), arrived()]).toEqual([false, false]);

  await blue.network.heal();

  expect((await answer).rows).toEqual([{ one: 1 }]);
  await connecting;
});

test('a server that is killed behind a partition is not missed by its clients until it is healed', async () => {
  const app = await connected(blue);
  const lost = new Promise<Error>((resolve) => app.on('error', resolve));
  const gone = settled(lost);
  blue.network.drop();

  await blue.kill();
  await fleet.primary.query('select 1');
  expect(gone()).toBe(false);
  await blue.network.heal();

  await lost;
  await blue.restart();
});

test('reset breaks every client with ECONNRESET, and a pool goes on with new connections', async () => {
  const pool = new Pool({ connectionString: blue.address.url, max: 5 });
  pool.on('error', () => undefined);
  open.push(pool);
  const asleep = Array.from({ length: 5 }, () => pool.query('select pg_sleep(60)'));
  await eventually(() => blue.network.connections === 5);
  await eventually(async () => (await sleepers(blue)) === 5);
  const outcomes = Promise.allSettled(asleep);

  blue.network.reset();

  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
  }
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(blue.network.connections).toBe(1);
  await blue.query("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)'");
});

async function sleepers(member: LocalMember): Promise<number> {
  const rows = await member.query("select from pg_stat_activity where query = 'select pg_sleep(60)'");
  return rows.length;
}

test('refuse turns away new clients with ECONNREFUSED, and the ones inside go on', async () => {
  const inside = await connected(blue);

  blue.network.refuse();

  await expect(client(blue).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await inside.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await blue.network.heal();
  await connected(blue);
});

test('a large answer comes through a narrow line unharmed', async () => {
  const app = await connected(blue);
  blue.network.throttle(8 << 20);

  const { rows } = await app.query("select string_agg(md5(i::text), '') as text from generate_series(1, 32768) i");

  const [direct] = await blue.query<{ md5: string }>(
    "select md5(string_agg(md5(i::text), '')) from generate_series(1, 32768) i",
  );
  expect(rows[0].text).toHaveLength(1 << 20);
  expect((await app.query('select md5($1)', [rows[0].text])).rows).toEqual([direct]);
});

test('a restart keeps the address, and a replica that is added has a network of its own', async () => {
  const { address } = blue;
  await blue.restart();
  expect(blue.address).toEqual(address);
  await connected(blue);

  const added = await fleet.addReplica('red');
  expect(fleet.contract.readers.at(-1)).toMatchObject({ name: 'red', port: added.address.port });
  added.network.refuse();
  await expect(client(added).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await added.network.heal();
  await connected(added);

  await fleet.removeReplica('red');
  expect(await listens(added.address.port)).toBe(false);
});

test('at stop clients hear what they would hear without a network, which closes and leaves nothing', async () => {
  const own = await startLocalFleet({ replicas: 1, network: true });
  const ports = own.members.map((member) => member.address.port);
  const told = await Promise.all(
    [own.primary.address.url, own.primary.url].map(async (connectionString) => {
      const app = new Client({ connectionString });
      const heard: string[] = [];
      app.on('notice', (notice) => heard.push(`${notice.code}`));
      app.on('error', (error) => heard.push(error.message));
      await app.connect();
      return heard;
    }),
  );
  own.replica('replica-1').network.drop();

  await own.stop();

  await eventually(() => expect(told[0]).toEqual(['57P01', expect.stringContaining('terminated')]));
  expect(told[0]).toEqual(told[1]);
  for (const port of ports) expect(await listens(port)).toBe(false);
  expect(leftOf(own.directory)).toEqual([]);
  await expect(own.primary.network.heal()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_STOPPED' });
});

test('a start that fails leaves no network', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

  await expect(
    startLocalFleet({ replicas: 2, network: true, parameters: { max_replication_slots: 1 } }),
  ).rejects.toMatchObject({ code: 'READFLEET_LOCAL_CONTROL' });

  expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap')).toHaveLength(before);
});
