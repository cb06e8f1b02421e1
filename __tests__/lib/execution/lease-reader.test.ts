import { type ConnectOptions, connect, type Fleet, type ReadOptions, type Transaction } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { replicated } from '../../support/activity';
import { memberOf } from '../../support/counts';
import { eventually } from '../../support/eventually';

let local: LocalFleet;
let fleet: Fleet;
let gates: (() => void)[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.primary.query('create table note (body text)');
  await replicated(local.primary, local.replicas);
});

afterAll(() => local?.stop());

afterEach(async () => {
  for (const open of gates) open();
  gates = [];
  await fleet?.close();
});

async function connectWith(options: ConnectOptions = {}): Promise<Fleet> {
  fleet = await connect(local.contract, { balancer: 'round-robin', ...options });
  return fleet;
}

/** No replica serves, by order. */
function withoutReplicas(): void {
  for (const name of ['blue', 'green']) fleet.breaker(name).forceOpen();
}

function where(read: ReadOptions = {}): Promise<string> {
  return fleet.transaction(async ({ member }) => member, { readOnly: true, ...read });
}

/** A read-only transaction that stays open until the test ends; resolves when it has begun. */
async function stay(read: ReadOptions = {}): Promise<{ member: string; done: Promise<void> }> {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  gates.push(open);
  return new Promise((resolve, reject) => {
    const done = fleet.transaction(
      async ({ member }: Transaction) => {
        resolve({ member, done });
        await gate;
      },
      { readOnly: true, ...read },
    );
    done.catch(reject);
  });
}

test('transactions that only read take turns among the replicas, as reads do', async () => {
  await connectWith();
  expect([await where(), await where(), await where(), await where()]).toEqual(['blue', 'green', 'blue', 'green']);
});

test('a strong one runs on the primary, and one of a disabled endpoint too', async () => {
  await connectWith();
  fleet.flags.disable('shop');
  expect(await where({ consistency: 'strong' })).toBe('primary');
  expect(await where({ endpoint: 'shop' })).toBe('primary');
});

test('one of a session sees what the session wrote', async () => {
  await connectWith();
  await fleet.session(async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      await fleet.write(`insert into note values ('${turn}')`);
      const seen = await fleet.transaction(
        async (transaction) => (await transaction.query('select count(*)::int as n from note')).rows,
        { readOnly: true },
      );
      expect(seen).toEqual([{ n: turn + 1 }]);
    }
  });
});

test('a replica that is gone is passed by: its first sign is the connection that fails', async () => {
  // No watch comes to its help.
  await connectWith({ lag: { pollMs: 600_000 }, maxStalenessMs: Number.POSITIVE_INFINITY });
  await local.replica('blue').kill();
  try {
    expect([await where(), await where(), await where()]).toEqual(['green', 'green', 'green']);
    expect(memberOf(fleet, 'blue').reads).toBe(0);
  } finally {
    await local.replica('blue').restart();
  }
});

test('a replica without a free connection is passed by', async () => {
  await connectWith({ pools: { replicaMax: 1, connectTimeoutMs: 200 } });
  const first = await stay();
  const second = await stay();
  expect([first.member, second.member]).toEqual(['blue', 'green']);
  expect(await where()).toBe('primary');
  expect(memberOf(fleet, 'blue').errors + memberOf(fleet, 'green').errors).toBe(2);
});

test('what falls back holds its place at the bulkhead until it ends', async () => {
  await connectWith({ bulkhead: { max: 1, queue: 0 } });
  withoutReplicas();
  const fallbacks: unknown[] = [];
  fleet.on('fallback', (fallback) => fallbacks.push(fallback));
  const { member, done } = await stay();
  expect(member).toBe('primary');
  expect(fleet.status().bulkhead.active).toBe(1);
  await expect(where()).rejects.toMatchObject({ code: 'READFLEET_SHED' });
  // One that asked for the primary is none of those.
  expect(await where({ consistency: 'strong' })).toBe('primary');
  gates.pop()?.();
  await done;
  expect(fleet.status().bulkhead).toMatchObject({ active: 0, shed: 1 });
  expect(await where()).toBe('primary');
  await eventually(() => fallbacks.length > 0);
});

test('a client of readPool that falls back holds its place until it is released', async () => {
  await connectWith({ bulkhead: { max: 1, queue: 0 } });
  withoutReplicas();
  const client = await fleet.readPool.connect();
  await client.query('select 1');
  expect(fleet.status().bulkhead.active).toBe(1);
  client.release();
  expect(fleet.status().bulkhead.active).toBe(0);
});

test('one that begins in vain on the primary gives its place back', async () => {
  await connectWith({ pools: { primaryMax: 1, connectTimeoutMs: 200 }, bulkhead: { max: 5 } });
  withoutReplicas();
  await stay();
  await expect(where()).rejects.toMatchObject({
    code: 'READFLEET_NO_MEMBER',
    trace: { attempts: [{ member: 'primary', error: expect.stringContaining('timeout exceeded') }] },
  });
  expect(fleet.status().bulkhead.active).toBe(1);
});

test('when nobody is left, the error says why of each', async () => {
  await connectWith();
  withoutReplicas();
  fleet.breaker('primary').forceOpen();
  await expect(where()).rejects.toMatchObject({
    code: 'READFLEET_NO_MEMBER',
    trace: {
      attempts: [],
      passedOver: [
        { member: 'primary', reason: 'its breaker was opened by hand' },
        { member: 'blue', reason: 'its breaker was opened by hand' },
        { member: 'green', reason: 'its breaker was opened by hand' },
      ],
    },
  });
});

test('tries of others are paid from the budget of retries', async () => {
  await connectWith({
    pools: { replicaMax: 1, connectTimeoutMs: 200 },
    retries: { ratio: 0, floorPerSecond: 0, burst: 0 },
  });
  await stay();
  await stay();
  await expect(where()).rejects.toMatchObject({ code: 'READFLEET_RETRIES_SPENT' });
});

test('once the fleet is closed none begins', async () => {
  await connectWith();
  await fleet.close();
  await expect(where()).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
});
