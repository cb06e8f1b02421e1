import { connect, type Fleet, type FleetStatus, type MemberStatus } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { begun, replicated } from '../support/activity';
import { memberOf, times } from '../support/counts';
import { eventually } from '../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'], fleet: 'orders', environment: 'laptop' });
  await local.primary.query('create table note (body text)');
  await replicated(local.primary, local.replicas);
});

afterAll(() => local?.stop());

beforeEach(async () => {
  const { contract } = local;
  const readers = contract.readers.map((reader) => ({ ...reader, zone: `zone-of-${reader.name}` }));
  fleet = await connect(
    { ...contract, readers },
    {
      balancer: 'round-robin',
      pools: { primaryMax: 3, replicaMax: 2 },
      bulkhead: { max: 7 },
      retries: { burst: 4, floorPerSecond: 0, ratio: 0 },
    },
  );
});

afterEach(() => fleet?.close());

test('just connected, every field says so', () => {
  const member = (name: string, role: 'primary' | 'replica'): Partial<MemberStatus> => ({
    name,
    role,
    host: '127.0.0.1',
    port: local.members.find((other) => other.name === name)?.address.port,
    zone: role === 'replica' ? `zone-of-${name}` : undefined,
    state: { kind: 'serving', lag: { seconds: expect.any(Number), bytes: expect.any(Number) } },
    lag: role === 'replica' ? { seconds: expect.any(Number), bytes: expect.any(Number) } : undefined,
    reads: 0,
    writes: 0,
    errors: 0,
    inFlight: 0,
    breaker: { state: 'closed', forced: undefined },
  });
  const idle = { total: 0, idle: 0, waiting: 0, max: 2 };
  expect(fleet.status()).toEqual<FleetStatus>({
    fleet: 'orders',
    environment: 'laptop',
    members: [
      // The catalogue was read there.
      { ...member('primary', 'primary'), latencyMs: expect.any(Number), pool: { ...idle, total: 1, idle: 1, max: 3 } },
      { ...member('blue', 'replica'), latencyMs: 0, pool: idle },
      { ...member('green', 'replica'), latencyMs: 0, pool: idle },
    ] as MemberStatus[],
    flags: { allOff: false, endpoints: [] },
    bulkhead: { active: 0, queued: 0, shed: 0, max: 7 },
    retriesLeft: 4,
  });
});

test('what runs on clients that are checked out is counted statement by statement, but not what opens and ends its transactions', async () => {
  const client = await fleet.pool.connect();
  await client.query('select 1'); // on a replica, as every read of a client that did not write
  await client.query('begin');
  await client.query(`insert into note values ('y')`);
  await client.query('select 1');
  await client.query('no such statement').catch(() => undefined);
  await client.query('rollback');
  client.release();
  const reader = await fleet.readPool.connect();
  await reader.query('select 1');
  reader.release();
  const writer = await fleet.writePool.connect();
  await writer.query('select 1');
  writer.release();

  const [primary, ...replicas] = fleet.status().members;
  expect(primary).toMatchObject({ reads: 2, writes: 2 });
  expect(replicas.map(({ reads, writes }) => [reads, writes])).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

test('reads, writes and transactions are counted where they ran', async () => {
  await times(4, () => fleet.query('select 1'));
  await fleet.write(`insert into note values ('x')`);
  await fleet.transaction((transaction) => transaction.query('select 1'), { readOnly: true });
  await fleet.transaction((transaction) => transaction.query('select 1'));
  await fleet.criticalRead('select 1');
  expect(fleet.status().members.map(({ name, reads, writes }) => [name, reads, writes])).toEqual([
    ['primary', 1, 2],
    ['blue', 3, 0],
    ['green', 2, 0],
  ]);
});

test('statements of the app’s own fault are no errors of a member', async () => {
  await expect(fleet.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  expect(fleet.status().members.map(({ errors }) => errors)).toEqual([0, 0, 0]);
});

test('what is under way shows, in flight and in the pool, and those who wait for a connection', async () => {
  const controller = new AbortController();
  const slow = Array.from({ length: 5 }, () =>
    fleet.query(`select pg_sleep(60), 'under way'`, [], { signal: controller.signal }).catch(() => undefined),
  );
  await begun(local.replica('blue'), 'under way');
  await begun(local.replica('green'), 'under way');
  await eventually(() => memberOf(fleet, 'blue').pool.total === 2 && memberOf(fleet, 'green').pool.total === 2);
  expect(memberOf(fleet, 'blue')).toMatchObject({ inFlight: 3, pool: { total: 2, idle: 0, waiting: 1 } });
  expect(memberOf(fleet, 'green')).toMatchObject({ inFlight: 2, pool: { total: 2, idle: 0, waiting: 0 } });
  controller.abort();
  await Promise.all(slow);
  expect(memberOf(fleet, 'blue').inFlight + memberOf(fleet, 'green').inFlight).toBe(0);
  await eventually(() => memberOf(fleet, 'blue').pool.idle === 2);
});

test('an open transaction is in flight until it ends', async () => {
  await fleet.transaction(
    async ({ member }) => {
      expect(memberOf(fleet, member).inFlight).toBe(1);
    },
    { readOnly: true },
  );
  expect(fleet.status().members.map(({ inFlight }) => inFlight)).toEqual([0, 0, 0]);
});

test('latency is known after the first answer', async () => {
  await times(2, () => fleet.query('select pg_sleep(0.02)'));
  expect(memberOf(fleet, 'blue').latencyMs).toBeGreaterThan(0);
});

test('a paused replica shows its growing lag, in bytes as well, and is lagging', async () => {
  await local.replica('blue').pauseReplay();
  try {
    await fleet.write(`insert into note select repeat('x', 100) from generate_series(1, 1000)`);
    await eventually(() => memberOf(fleet, 'blue').state.kind === 'lagging');
    expect(memberOf(fleet, 'blue').lag?.seconds).toBeGreaterThan(1);
    expect(memberOf(fleet, 'blue').lag?.bytes).toBeGreaterThan(0);
  } finally {
    await local.replica('blue').resumeReplay();
  }
  await eventually(() => memberOf(fleet, 'blue').state.kind === 'serving');
});

test('of a member that does not answer its last lag says nothing', async () => {
  await local.replica('blue').kill();
  try {
    await eventually(() => memberOf(fleet, 'blue').state.kind === 'ejected');
    expect(memberOf(fleet, 'blue')).toMatchObject({ lag: undefined, state: { reason: expect.any(String) } });
  } finally {
    await local.replica('blue').restart();
  }
});

test('a read that is tried again is paid from the budget, and the error is the member’s', async () => {
  const other = await connect(local.contract, {
    balancer: 'round-robin',
    pools: { replicaMax: 1, connectTimeoutMs: 200 },
    retries: { burst: 4, floorPerSecond: 0, ratio: 0 },
  });
  const controller = new AbortController();
  try {
    const holder = other
      .query(`select pg_sleep(60), 'holds blue'`, [], { signal: controller.signal })
      .catch(() => 'left');
    await begun(local.replica('blue'), 'holds blue');
    // Green, then blue, which has no connection free, so green.
    await times(2, () => other.query('select 1'));
    expect(other.status().retriesLeft).toBe(3);
    expect(memberOf(other, 'blue').errors).toBe(1);
    expect(memberOf(other, 'green')).toMatchObject({ reads: 2, errors: 0 });
    controller.abort();
    expect(await holder).toBe('left');
  } finally {
    controller.abort();
    await other.close();
  }
});

test('it costs no question to a server, and is a copy: what happens later does not change it', async () => {
  const before = fleet.status();
  await fleet.query('select 1');
  expect(before.members.map(({ reads }) => reads)).toEqual([0, 0, 0]);
});
