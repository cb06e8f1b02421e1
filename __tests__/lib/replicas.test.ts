import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ConnectOptions, type ContractMember, connect, type Fleet, type MemberStatus } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { keepAsking } from '../support/load';
import { reachableDirectory } from '../support/reachable-directory';

const READ = 'select count(*) from note';
const ADDRESS = { host: '127.0.0.1', port: 5432 };

let local: LocalFleet;
let fleet: Fleet;
let ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green', 'white'] });
  await local.primary.query('create table note (id int)');
});

afterAll(() => local?.stop());

/** A fleet without `white`. */
beforeEach(async () => {
  fleet = await connectTo(without('white'));
  await eventually(() => stateOf('blue') === 'serving' && stateOf('green') === 'serving');
});

afterEach(async () => {
  const ended = ends.map((end) => end());
  ends = [];
  await Promise.all(ended);
});

async function connectTo(source: Parameters<typeof connect>[0], options: ConnectOptions = {}): Promise<Fleet> {
  const opened = await connect(source, { slowStartMs: 0, ...options });
  ends.push(() => opened.close());
  return opened;
}

const without = (...names: string[]) => ({
  ...local.contract,
  readers: local.contract.readers.filter(({ name }) => !names.includes(name)),
});

function addressOf(name: string): ContractMember {
  const found = local.contract.readers.find((reader) => reader.name === name);
  if (!found) throw new Error(`no replica ${name}`);
  return found;
}

function status(name: string, of = fleet): MemberStatus | undefined {
  return of.status().members.find((member) => member.name === name);
}

const stateOf = (name: string, of = fleet) => status(name, of)?.state.kind;
const readsOf = (name: string, of = fleet) => status(name, of)?.reads ?? 0;
const names = (of = fleet) => of.replicas.list().map(({ name }) => name);

/** Reads all the time; none may fail. */
function keepReading(of = fleet): () => Promise<void> {
  const stop = keepAsking(8, () => of.query(READ));
  ends.push(stop);
  return async () => {
    const { done, failures } = await stop();
    expect(failures).toEqual([]);
    expect(done).toBeGreaterThan(0);
  };
}

async function serves(name: string, of = fleet): Promise<void> {
  const before = readsOf(name, of);
  await eventually(() => readsOf(name, of) > before);
}

/** A read that is under way on `name` until it is let go. */
async function holdRead(name: string): Promise<{ held: Promise<unknown>; letGo(): Promise<void> }> {
  const marker = `held by ${performance.now()}`;
  const held = fleet.transaction(
    async (transaction) => {
      if (transaction.member !== name) return transaction.member;
      await transaction.query(`select pg_sleep(600) /* ${marker} */`);
      return transaction.member;
    },
    { readOnly: true },
  );
  held.catch(() => undefined);
  const running = await eventually(async () => {
    const [row] = await local
      .replica(name)
      .query<{ pid: number }>(
        `select pid from pg_stat_activity where query like '%' || $1 || '%' and pid <> pg_backend_pid() and state = 'active'`,
        [marker],
      );
    if (!row) throw new Error('not there yet');
    return row;
  });
  return {
    held,
    letGo: async () => {
      await local.replica(name).query('select pg_cancel_backend($1)', [running.pid]);
    },
  };
}

test.each<[unknown, RegExp]>([
  [undefined, /It is missing/],
  [7, /Must be an object: \{ name, host, port \}/],
  [{ name: 'red' }, /host[\s\S]*port/],
  [ADDRESS, /name {2}got: nothing|name/],
  [{ ...ADDRESS, name: 'red', port: '5432' }, /port {2}got: "5432"/],
  [{ ...ADDRESS, name: 'red', wieght: 1 }, /wieght/],
])('add(%j) is refused, and adds nothing', async (member, message) => {
  const before = names();
  await expect(fleet.replicas.add(member as ContractMember)).rejects.toMatchObject({
    code: 'READFLEET_OPTIONS_INVALID',
    message: expect.stringMatching(message),
  });
  expect(names()).toEqual(before);
});

test('a fleet that is closed takes nobody in', async () => {
  const closed = await connectTo(without('white'));
  await closed.close();
  await expect(closed.replicas.add(addressOf('white'))).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
});

describe('list', () => {
  test('tells the replicas in their order, and not the primary', async () => {
    expect(fleet.replicas.list()).toMatchObject([
      { name: 'blue', role: 'replica', state: { kind: 'serving' } },
      { name: 'green', role: 'replica', state: { kind: 'serving' } },
    ]);
  });
});

describe('add', () => {
  test('under load: the new replica serves, and no read fails', async () => {
    const end = keepReading();
    const added = await fleet.replicas.add(addressOf('white'));
    expect(added).toMatchObject({ name: 'white', role: 'replica' });
    await serves('white');
    expect(names()).toEqual(['blue', 'green', 'white']);
    await end();
  });

  test('a name that the fleet has already is refused, also the primary’s', async () => {
    for (const name of ['blue', 'primary']) {
      await expect(fleet.replicas.add({ ...addressOf('white'), name })).rejects.toMatchObject({
        code: 'READFLEET_MEMBER_EXISTS',
        message: expect.stringContaining(`"${name}"`),
      });
    }
    expect(names()).toEqual(['blue', 'green']);
  });

  test('one that does not answer is taken in, gets no read, and its state says so', async () => {
    const { host, port } = local.replica('white');
    await local.replica('white').kill();
    const end = keepReading();
    const added = await fleet.replicas.add({ name: 'white', host, port });
    expect(added).toMatchObject({ name: 'white', state: { kind: 'ejected' } });
    await serves('blue');
    expect(readsOf('white')).toBe(0);

    await local.replica('white').restart();
    await serves('white');
    await end();
  });

  test('a member with a weight of its own gets its share', async () => {
    const weighted = await connectTo(without('white'), { balancer: 'weighted' });
    await weighted.replicas.add({ ...addressOf('white'), weight: 2 });
    await eventually(() => names(weighted).every((name) => stateOf(name, weighted) === 'serving'));
    for (let turn = 0; turn < 40; turn += 1)
      await weighted.query(READ, [], { maxStalenessMs: Number.POSITIVE_INFINITY });
    expect(names(weighted).map((name) => readsOf(name, weighted))).toEqual([10, 10, 20]);
  });
});

describe('drain', () => {
  test('under load: it gets nothing new, and no read fails', async () => {
    const end = keepReading();
    await serves('blue');
    expect(await fleet.replicas.drain('blue')).toBe(true);
    expect(stateOf('blue')).toBe('draining');
    const before = readsOf('blue');
    await serves('green');
    expect(readsOf('blue')).toBe(before);
    await end();
  });

  test('waits for what is under way, as does a second one', async () => {
    const balanced = await lastOf('blue');
    const drained: string[] = [];
    const first = fleet.replicas.drain('blue').then(() => drained.push('first'));
    const second = fleet.replicas.drain('blue').then(() => drained.push('second'));
    await fleet.query(READ);
    expect(drained).toEqual([]);
    await balanced.letGo();
    await Promise.all([first, second]);
    await expect(balanced.held).rejects.toMatchObject({ code: '57014' });
  });

  test('does not wait longer than it is told to, and what is under way goes on', async () => {
    const { held, letGo } = await lastOf('blue');
    expect(await fleet.replicas.drain('blue', { timeoutMs: 50 })).toBe(false);
    expect(stateOf('blue')).toBe('draining');
    await letGo();
    await expect(held).rejects.toMatchObject({ code: '57014' });
    expect(await fleet.replicas.drain('blue', { timeoutMs: 50 })).toBe(true);
  });

  test('is ended by undrain: it serves again', async () => {
    await fleet.replicas.drain('blue');
    fleet.replicas.undrain('blue');
    expect(stateOf('blue')).toBe('serving');
    const end = keepReading();
    await serves('blue');
    await end();
  });

  test('is no matter of what is seen: a drained replica stays drained through a restart', async () => {
    await fleet.replicas.drain('blue');
    await local.replica('blue').restart();
    for (let turn = 0; turn < 3; turn += 1) await fleet.internals.members.round();
    expect(stateOf('blue')).toBe('draining');
  });

  test('of all of them: reads go to the primary', async () => {
    const end = keepReading();
    await Promise.all(names().map((name) => fleet.replicas.drain(name)));
    await serves('primary');
    await end();
  });

  test('a name that no replica has is refused, with those that there are', async () => {
    for (const name of ['nobody', 'primary']) {
      const refusal = { code: 'READFLEET_NO_SUCH_MEMBER', message: expect.stringContaining('blue, green') };
      await expect(fleet.replicas.drain(name)).rejects.toMatchObject(refusal);
      await expect(fleet.replicas.remove(name)).rejects.toMatchObject(refusal);
      expect(() => fleet.replicas.undrain(name)).toThrow(expect.objectContaining(refusal));
    }
  });
});

describe('remove', () => {
  test('under load: no read fails, and its connections are closed', async () => {
    const end = keepReading();
    await serves('blue');
    await fleet.replicas.remove('blue');
    expect(names()).toEqual(['green']);
    await serves('green');
    await end();
    await eventually(async () => expect(await connectionsOf('blue')).toBe(0));
  });

  test('waits for what is under way, and cuts off what takes longer than its time', async () => {
    const { held } = await lastOf('blue');
    await fleet.replicas.remove('blue', { timeoutMs: 50 });
    await expect(held).rejects.toThrow(/terminated/);
    expect(names()).toEqual(['green']);
  });

  test('of the last one: reads go to the primary, and one that is added serves again', async () => {
    const end = keepReading();
    await fleet.replicas.remove('blue');
    await fleet.replicas.remove('green');
    expect(names()).toEqual([]);
    await serves('primary');
    await fleet.replicas.add(addressOf('blue'));
    await serves('blue');
    await end();
  });

  test('a second time is refused: it is gone', async () => {
    const first = fleet.replicas.remove('blue');
    await expect(fleet.replicas.remove('blue')).rejects.toMatchObject({ code: 'READFLEET_NO_SUCH_MEMBER' });
    await first;
  });

  test('while a drain waits ends both', async () => {
    await lastOf('blue');
    const drained = fleet.replicas.drain('blue');
    await fleet.replicas.remove('blue', { timeoutMs: 50 });
    expect(await drained).toBe(true);
  });
});

test.each([5_000, 0])(
  'a read that waits for a connection of a replica that is removed within %d ms is answered',
  async (timeoutMs) => {
    const narrow = await connectTo(without('green', 'white'), { pools: { replicaMax: 1 } });
    await eventually(() => stateOf('blue', narrow) === 'serving');
    const asked = [1, 2, 3].map((n) => narrow.query<{ n: number }>(`select ${n} as n, pg_sleep(0.2)`));
    await eventually(() => status('blue', narrow)?.pool.waiting === 2);

    await narrow.replicas.remove('blue', { timeoutMs });
    expect((await Promise.all(asked)).map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3]);
  },
);

test('members come and go again and again under load, and no read fails', async () => {
  const end = keepReading();
  for (let turn = 0; turn < 5; turn += 1) {
    await fleet.replicas.add(addressOf('white'));
    await serves('white');
    await fleet.replicas.drain('blue', { timeoutMs: 1_000 });
    await fleet.replicas.remove('green');
    await fleet.replicas.add(addressOf('green'));
    fleet.replicas.undrain('blue');
    await fleet.replicas.remove('white');
  }
  await serves('green');
  await end();
  await eventually(async () => expect(await connectionsOf('white')).toBe(0));
});

describe('a contract that is loaded again', () => {
  let directory: string;
  let file: string;
  let watching: Fleet;

  beforeEach(async () => {
    directory = await reachableDirectory();
    file = path.join(directory, 'fleet.json');
    await put(without('white'));
    watching = await connectTo({ file, watch: true });
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function put(contract: object): Promise<void> {
    await writeFile(`${file}.new`, JSON.stringify(contract));
    await rename(`${file}.new`, file);
  }

  test('its members are taken in and out, and no read fails', async () => {
    const told: object[] = [];
    watching.on('contract', (change) => told.push(change));
    const end = keepReading(watching);
    await put(without('blue'));
    await serves('white', watching);
    await eventually(() => expect(names(watching)).toEqual(['green', 'white']));
    await eventually(() => expect(told).toEqual([{ added: ['white'], removed: ['blue'] }]));
    expect(watching.contract.readers.map(({ name }) => name)).toEqual(['green', 'white']);
    await end();
  });

  test('its weights and zones are taken, with the connections that there are', async () => {
    const end = keepReading(watching);
    await serves('blue', watching);
    const { total } = status('blue', watching)?.pool ?? { total: 0 };
    await put({
      ...without('white'),
      readers: without('white').readers.map((reader) => ({ ...reader, weight: 3, zone: 'here' })),
    });
    await eventually(() => status('blue', watching)?.zone === 'here');
    expect(status('blue', watching)?.pool.total).toBeGreaterThanOrEqual(total);
    await end();
  });

  test('a member at another address is connected to anew', async () => {
    const moved = { ...addressOf('blue'), port: addressOf('white').port };
    const end = keepReading(watching);
    await put({ ...without('white'), readers: [moved, addressOf('green')] });
    await eventually(() => status('blue', watching)?.port === moved.port);
    expect(names(watching).sort()).toEqual(['blue', 'green']);
    await serves('blue', watching);
    await end();
  });

  test('one that changes what a connected fleet keeps is refused as a whole, and the old one stays', async () => {
    const troubles: Error[] = [];
    watching.on('trouble', ({ error }) => troubles.push(error));
    await put({ ...without('blue'), database: 'other' });
    await eventually(() => troubles.length > 0);
    expect(troubles).toMatchObject([
      { code: 'READFLEET_CONTRACT_CHANGED', message: expect.stringContaining('database') },
    ]);
    expect(names(watching)).toEqual(['blue', 'green']);

    await put(without('blue'));
    await eventually(() => expect(names(watching)).toEqual(['green', 'white']));
  });

  test('one that is broken is told, and takes nobody away', async () => {
    const troubles: Error[] = [];
    watching.on('trouble', ({ error }) => troubles.push(error));
    const end = keepReading(watching);
    await rm(file);
    await eventually(() => expect(troubles).toMatchObject([{ code: 'READFLEET_CONTRACT_UNREADABLE' }]));
    await serves('blue', watching);
    await put(without('green'));
    await serves('white', watching);
    await end();
  });

  test('what was added and removed by hand stays so, as long as the contract says nothing new of it', async () => {
    await watching.replicas.remove('blue');
    await watching.replicas.add(addressOf('white'));
    await put({ ...without('white'), lag: { warningSeconds: 2, criticalSeconds: 9 } });
    await eventually(() => watching.contract.lag.criticalSeconds === 9);
    expect(names(watching)).toEqual(['green', 'white']);

    await put(local.contract);
    await eventually(() => watching.contract.readers.length === 3);
    expect(names(watching)).toEqual(['green', 'white']);
    await put(without('blue'));
    await eventually(() => watching.contract.readers.length === 2);
    await put(without('white'));
    await eventually(() => expect(names(watching)).toEqual(['green', 'blue']));
  });

  test('it may come from a function, when it is asked for', async () => {
    let contract = without('white');
    const asking = await connectTo(() => contract);
    contract = without('blue', 'green');
    await asking.reload();
    expect(names(asking)).toEqual(['white']);
    const end = keepReading(asking);
    await serves('white', asking);
    await end();
  });
});

/** A transaction under way on `name`, which keeps it busy; the other replica is drained for as long as it takes to get it there. */
async function lastOf(name: string) {
  const others = names().filter((other) => other !== name);
  await Promise.all(others.map((other) => fleet.replicas.drain(other)));
  const held = await holdRead(name);
  for (const other of others) fleet.replicas.undrain(other);
  return held;
}

/** Connections of this fleet to `name`, its watch's included. */
async function connectionsOf(name: string): Promise<number> {
  const [row] = await local
    .replica(name)
    .query<{ count: string }>(`select count(*) from pg_stat_activity where application_name = 'readfleet'`);
  return Number(row?.count);
}
