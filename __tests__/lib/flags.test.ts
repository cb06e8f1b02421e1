import { connect, type Fleet, type FleetStatus } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { readsDuring, times } from '../support/counts';
import { eventually } from '../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
});

afterAll(() => local?.stop());

beforeEach(async () => {
  fleet = await connect(local.contract, {
    bulkhead: { max: 1, queue: 0 },
    endpoints: { closed: { enabled: false }, half: { rollout: 50 } },
  });
});

afterEach(() => fleet?.close());

const read = (endpoint?: string, rolloutKey?: string) =>
  fleet.query('select 1 as one', [], { ...(endpoint && { endpoint }), ...(rolloutKey && { rolloutKey }) });

test('reads of a disabled endpoint go to the primary, and of no other; enabled again they go to replicas', async () => {
  fleet.flags.disable('shop');
  expect(await readsDuring(fleet, () => times(3, () => read('shop')))).toEqual({ primary: 3, blue: 0 });
  expect(await readsDuring(fleet, () => times(3, () => read('cart')))).toEqual({ primary: 0, blue: 3 });
  expect(await readsDuring(fleet, () => times(3, () => read()))).toEqual({ primary: 0, blue: 3 });
  fleet.flags.enable('shop');
  expect(await readsDuring(fleet, () => times(3, () => read('shop')))).toEqual({ primary: 0, blue: 3 });
});

test('an endpoint may be disabled from the start', async () => {
  expect(await readsDuring(fleet, () => read('closed'))).toEqual({ primary: 1, blue: 0 });
  expect(fleet.status().flags).toEqual({
    allOff: false,
    endpoints: [
      { endpoint: 'closed', enabled: false, percent: 0 },
      { endpoint: 'half', enabled: true, percent: 50 },
    ],
  });
});

test('what is switched off does not pass the bulkhead: it was the app’s own wish', async () => {
  fleet.flags.disable('shop');
  await Promise.all(Array.from({ length: 20 }, () => read('shop')));
  expect(fleet.status().bulkhead).toMatchObject({ shed: 0, active: 0 });
});

test('nor does a strong read', async () => {
  await Promise.all(Array.from({ length: 20 }, () => fleet.criticalRead('select 1')));
  expect(fleet.status().bulkhead).toMatchObject({ shed: 0, active: 0 });
});

test('a rollout gives the same key the same answer, in every fleet object, and more keys as it grows', async () => {
  const other = await connect(local.contract);
  try {
    const keys = Array.from({ length: 40 }, (_, index) => `user ${index}`);
    const onReplica = async (of: Fleet) => {
      const served: string[] = [];
      for (const rolloutKey of keys) {
        const asked = { endpoint: 'shop', rolloutKey };
        const { blue } = await readsDuring(of, () => of.query('select 1', [], asked));
        if (blue === 1) served.push(rolloutKey);
      }
      return served;
    };
    fleet.flags.rollout('shop', 30);
    other.flags.rollout('shop', 30);
    const served = await onReplica(fleet);
    expect(served.length).toBeGreaterThan(0);
    expect(served.length).toBeLessThan(keys.length);
    expect(await onReplica(fleet)).toEqual(served);
    expect(await onReplica(other)).toEqual(served);
    fleet.flags.rollout('shop', 60);
    expect(await onReplica(fleet)).toEqual(expect.arrayContaining(served));
    fleet.flags.rollout('shop', 100);
    expect(await onReplica(fleet)).toEqual(keys);
  } finally {
    await other.close();
  }
});

test('the global switch sends everything to the primary as pg.Pool would, until it is on again', async () => {
  fleet.flags.disableAll();
  const WHO = 'select pg_is_in_recovery() as standby';
  for (const ask of [
    () => fleet.query(WHO),
    () => fleet.query(WHO, [], { maxStalenessMs: Number.POSITIVE_INFINITY }),
    () => fleet.read(WHO),
    () => fleet.write(WHO),
    () => fleet.pool.query(WHO),
    () => fleet.readPool.query(WHO),
    () => fleet.transaction((transaction) => transaction.query(WHO), { readOnly: true }),
  ]) {
    expect((await ask()).rows).toEqual([{ standby: false }]);
  }
  expect(fleet.status().flags.allOff).toBe(true);
  fleet.flags.enableAll();
  expect((await fleet.read(WHO)).rows).toEqual([{ standby: true }]);
});

test('while everything is switched off nothing is classified, and no error of a statement is ours', async () => {
  fleet.flags.disableAll();
  await expect(fleet.query('selec')).rejects.toMatchObject({ code: '42601' });
  const { rows } = await fleet.query('select 1 as one; select 2 as two');
  expect(rows).toBeUndefined();
});

test('each change is told, and what changes nothing is not', async () => {
  const told: FleetStatus['flags'][] = [];
  fleet.on('flags', (flags) => told.push(flags));
  fleet.flags.disable('shop');
  fleet.flags.disable('shop');
  fleet.flags.disableAll();
  fleet.flags.disableAll();
  await eventually(() => told.length >= 2);
  expect(told.map(({ allOff }) => allOff)).toEqual([false, true]);
  expect(told[0]?.endpoints).toContainEqual({ endpoint: 'shop', enabled: false, percent: 0 });
});

test('a fleet without replicas has the same switches, and reads from its primary whatever they say', async () => {
  const alone = await connect({ ...local.contract, readers: [] }, { bulkhead: { max: 1, queue: 0 } });
  try {
    alone.flags.disable('shop');
    await alone.query('select 1', [], { endpoint: 'shop' });
    alone.flags.disableAll();
    await alone.query('select 1');
    alone.flags.enableAll();
    await Promise.all(Array.from({ length: 20 }, () => alone.query('select 1')));
    expect(alone.status().bulkhead.shed).toBe(0);
  } finally {
    await alone.close();
  }
});
