import { channels, type Decision, type Fleet } from '../../lib';
import { INSTRUMENTS } from '../../monitoring/metrics/instruments';
import { begun } from '../support/activity';
import { times } from '../support/counts';
import { eventually } from '../support/eventually';
import { scrape } from './metrics/exposition';
import { useFleets } from './metrics/fleets';

const fleets = useFleets();

const NOBODY_LEFT = (fleet: Fleet) => {
  for (const name of ['blue', 'green']) fleet.breaker(name).forceOpen();
};

describe('reads by where they were sent', () => {
  test('to replicas, to the primary since they asked for it, and as fallbacks', async () => {
    const { fleet, registry } = await fleets.measured();
    fleet.flags.disable('cart');
    await times(3, () => fleet.query('select 1', [], { endpoint: 'shop' }));
    await times(2, () => fleet.criticalRead('select 1'));
    await fleet.query('select 1', [], { endpoint: 'cart' });
    NOBODY_LEFT(fleet);
    await times(4, () => fleet.query('select 1', [], { endpoint: 'shop' }));
    const { value } = await scrape(registry);
    const reads = (endpoint: string, target: string, reason: string) =>
      value('read_routing_total', { fleet: 'orders', environment: 'laptop', endpoint, target, reason });
    expect(reads('shop', 'replica', 'replica')).toBe(3);
    expect(reads('', 'primary', 'strong')).toBe(2);
    expect(reads('cart', 'primary', 'endpoint disabled')).toBe(1);
    expect(reads('shop', 'fallback', 'fallback')).toBe(4);
  });

  test('targets sum up to the decisions on reads: attempts, transactions and clients among them', async () => {
    let decisions = 0;
    const count = (message: unknown) => {
      if ((message as Decision).kind === 'read') decisions += 1;
    };
    channels.decision.subscribe(count);
    try {
      const { fleet, registry } = await fleets.measured({ pools: { replicaMax: 1, connectTimeoutMs: 100 } });
      await times(5, () => fleet.query('select 1'));
      await fleet.transaction((transaction) => transaction.query('select 1'), { readOnly: true });
      // Its replica has no other connection: a read of it is tried elsewhere.
      const clients = [await fleet.readPool.connect(), await fleet.readPool.connect()];
      await fleet.query('select 1');
      for (const client of clients) client.release();
      await fleet.write(`insert into note values ('x')`);
      const { sum, value } = await scrape(registry);
      expect(decisions).toBeGreaterThanOrEqual(5 + 1 + 2 + 2);
      expect(sum('read_routing_total')).toBe(decisions);
      expect(value('read_routing_total', { target: 'fallback' })).toBe(1);
    } finally {
      channels.decision.unsubscribe(count);
    }
  });

  test('endpoints past the bound are other; those that connect() was told of are not', async () => {
    const { fleet, registry } = await fleets.measured({ endpoints: { shop: { rollout: 50 } } }, { maxEndpoints: 2 });
    for (const endpoint of ['a', 'b', 'c', 'shop']) await fleet.query('select 1', [], { endpoint, rolloutKey: '1' });
    const { sum, value } = await scrape(registry);
    expect(['shop', 'a', 'b', 'other'].map((endpoint) => sum('read_routing_total', { endpoint }))).toEqual([
      1, 1, 0, 2,
    ]);
    expect(value('endpoint_rollout_percent', { endpoint: 'shop' })).toBe(50);
  });
});

describe('what is shed', () => {
  test('is counted by endpoint and priority, as is the call that failed; the primary’s burden is told', async () => {
    const { fleet, registry } = await fleets.measured({ bulkhead: { max: 1, queue: 0 } });
    NOBODY_LEFT(fleet);
    const mark = `select pg_sleep(30) as metrics_held`;
    const held = new AbortController();
    const holding = fleet.query(mark, [], { signal: held.signal }).catch((reason: unknown) => reason);
    await begun(fleets.local.primary, 'metrics_held');
    const shed = fleet.query('select 1', [], { endpoint: 'shop', priority: 'low' });
    await expect(shed).rejects.toMatchObject({ code: 'READFLEET_SHED' });
    const during = await scrape(registry);
    expect(during.value('primary_fallback_active')).toBe(1);
    expect(during.value('primary_fallback_max')).toBe(1);
    expect(during.value('read_shed_total', { endpoint: 'shop', priority: 'low' })).toBe(1);
    expect(during.sum('read_shed_total')).toBe(1);
    expect(during.value('call_failures_total', { kind: 'read' })).toBe(1);
    held.abort();
    await holding;
    const after = await scrape(registry);
    expect(after.value('primary_fallback_active')).toBe(0);
    // What its caller gave up is no failure.
    expect(after.value('call_failures_total', { kind: 'read' })).toBe(1);
  });
});

describe('failures', () => {
  test('a statement’s own error is none', async () => {
    const { fleet, registry } = await fleets.measured();
    await expect(fleet.query('select 1 / 0')).rejects.toThrow('division by zero');
    await expect(fleet.write('insert into nowhere values (1)')).rejects.toThrow('does not exist');
    const own = () => Promise.reject(new Error('changed my mind'));
    await expect(fleet.transaction(own)).rejects.toThrow('changed my mind');
    const { sum } = await scrape(registry);
    expect([sum('call_failures_total'), sum('statement_failures_total')]).toEqual([0, 0]);
  });

  test('time that ran out is one, of each kind', async () => {
    const { fleet, registry } = await fleets.measured();
    const late = { timeoutMs: 50 };
    const TIMEOUT = { code: 'READFLEET_TIMEOUT' };
    await expect(fleet.query('select pg_sleep(30)', [], late)).rejects.toMatchObject(TIMEOUT);
    await expect(fleet.transaction((work) => work.query('select pg_sleep(30)'), late)).rejects.toMatchObject(TIMEOUT);
    const { value } = await scrape(registry);
    expect(['read', 'write', 'transaction'].map((kind) => value('call_failures_total', { kind }))).toEqual([1, 0, 1]);
  });
});

describe('times', () => {
  test('as many statements, calls and decisions as there were', async () => {
    const { fleet, registry } = await fleets.measured({ balancer: 'round-robin' });
    await times(6, () => fleet.query('select 1'));
    await times(3, () => fleet.write(`insert into note values ('x')`));
    await fleet.query('select 1 / 0').catch(() => undefined);
    const { value } = await scrape(registry);
    const statements = (member: string) => value('statement_duration_seconds_count', { member });
    expect((statements('blue') ?? 0) + (statements('green') ?? 0)).toBe(7);
    expect(statements('primary')).toBe(3);
    expect(value('call_duration_seconds_count', { kind: 'read' })).toBe(7);
    expect(value('call_duration_seconds_count', { kind: 'write' })).toBe(3);
    expect(value('routing_decision_seconds_count')).toBe(10);
  });

  test('are in seconds', async () => {
    const { fleet, registry } = await fleets.measured();
    await fleet.query('select pg_sleep(0.3)');
    const { value, sum } = await scrape(registry);
    expect(value('call_duration_seconds_bucket', { kind: 'read', le: '0.25' })).toBe(0);
    expect(value('call_duration_seconds_sum', { kind: 'read' })).toBeGreaterThan(0.29);
    expect(sum('statement_duration_seconds_sum', { role: 'replica' })).toBeGreaterThan(0.29);
    // Routing does not wait for it.
    expect(value('routing_decision_seconds_sum')).toBeLessThan(0.29);
  });

  test('buckets can be given', async () => {
    const { fleet, registry } = await fleets.measured({}, { buckets: { calls: [1, 60] } });
    await fleet.query('select 1');
    const { families } = await scrape(registry);
    const bounds = [...(families.get('call_duration_seconds')?.samples.keys() ?? [])].map(
      (key) => /le="([^"]*)"/.exec(key)?.[1],
    );
    expect(bounds.filter((bound) => bound !== undefined)).toEqual(['1', '60', '+Inf']);
  });
});

describe('gauges, as of the scrape', () => {
  test('members that serve, and their breakers', async () => {
    const { fleet, registry } = await fleets.measured();
    await eventually(async () => expect((await scrape(registry)).sum('replica_health')).toBe(3));
    fleet.breaker('blue').forceOpen();
    const { value } = await scrape(registry);
    expect(value('replica_health', { member: 'blue', role: 'replica' })).toBe(0);
    expect(value('replica_health', { member: 'green', role: 'replica' })).toBe(1);
    expect(value('replica_health', { member: 'primary', role: 'primary' })).toBe(1);
    expect(value('fleet_member_state', { member: 'blue' })).toBe(1);
    expect(value('fleet_member_state', { member: 'blue', state: 'ejected' })).toBe(1);
    expect(value('circuit_breaker_state', { member: 'blue' })).toBe(2);
    expect(value('circuit_breaker_state', { member: 'green' })).toBe(0);
    fleet.breaker('blue').reset();
    expect((await scrape(registry)).value('circuit_breaker_state', { member: 'blue' })).toBe(0);
  });

  test('pools: what runs, what is idle, who waits', async () => {
    const { fleet, registry } = await fleets.measured({ pools: { primaryMax: 1 } });
    const pool = async () => {
      const { value } = await scrape(registry);
      const of = { member: 'primary', role: 'primary' };
      return {
        active: value('connection_pool_connections', { ...of, state: 'active' }),
        idle: value('connection_pool_connections', { ...of, state: 'idle' }),
        waiting: value('connection_pool_waiting', of),
        max: value('connection_pool_max', of),
      };
    };
    await eventually(async () => expect(await pool()).toEqual({ active: 0, idle: 1, waiting: 0, max: 1 }));
    const client = await fleet.writePool.connect();
    const waits = fleet.write('select 1');
    expect(await pool()).toEqual({ active: 1, idle: 0, waiting: 1, max: 1 });
    client.release();
    await waits;
    expect(await pool()).toEqual({ active: 0, idle: 1, waiting: 0, max: 1 });
  });

  test('switches', async () => {
    const { fleet, registry } = await fleets.measured();
    fleet.flags.rollout('shop', 25);
    fleet.flags.disable('cart');
    fleet.flags.disableAll();
    const { value } = await scrape(registry);
    expect(['shop', 'cart'].map((endpoint) => value('endpoint_rollout_percent', { endpoint }))).toEqual([25, 0]);
    expect(value('replicas_switched_off')).toBe(1);
    fleet.flags.enableAll();
    expect((await scrape(registry)).value('replicas_switched_off')).toBe(0);
  });

  test('a member that leaves the fleet is shown no more; what it did stays counted', async () => {
    const { fleet, registry } = await fleets.measured({ balancer: 'round-robin' });
    await times(4, () => fleet.query('select 1'));
    await fleet.replicas.remove('green');
    const { families, value } = await scrape(registry);
    const gauges = Object.values(INSTRUMENTS).filter(({ kind }) => kind === 'gauge');
    const shown = gauges.flatMap(({ name }) => [...(families.get(name)?.samples.keys() ?? [])]);
    expect(shown.filter((sample) => sample.includes('"blue"')).length).toBeGreaterThan(5);
    expect(shown.filter((sample) => sample.includes('"green"'))).toEqual([]);
    expect(value('statement_duration_seconds_count', { member: 'green' })).toBe(2);
  });
});
