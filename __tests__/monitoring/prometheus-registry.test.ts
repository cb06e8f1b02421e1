import { AggregatorRegistry, Counter, Registry } from 'prom-client';
import { ReadfleetError } from '../../lib';
import { fleetRegistry } from '../../monitoring/prometheus';
import { times } from '../support/counts';
import { parseExposition, scrape } from './metrics/exposition';
import { useFleets } from './metrics/fleets';

const fleets = useFleets();

describe('fleets and registries', () => {
  test('two fleets in one registry are told apart', async () => {
    const registry = new Registry();
    const [orders, invoices] = [await fleets.connected(), await fleets.connected({}, 'invoices')];
    expect(fleetRegistry(orders, { registry })).toBe(registry);
    fleetRegistry(invoices, { registry });
    await orders.query('select 1');
    await times(2, () => invoices.query('select 1'));
    const { sum, value } = await scrape(registry);
    expect([sum('read_routing_total', { fleet: 'orders' }), sum('read_routing_total', { fleet: 'invoices' })]).toEqual([
      1, 2,
    ]);
    expect(value('replica_health', { fleet: 'invoices', member: 'blue' })).toBeDefined();
    expect(value('replica_health', { fleet: 'orders', member: 'blue' })).toBeDefined();
  });

  test('a fleet that names no registry has one of its own, the same at each call', async () => {
    const { fleet, registry } = await fleets.measured();
    expect(fleetRegistry(fleet)).toBe(registry);
    await fleet.query('select 1');
    expect((await scrape(registry)).sum('read_routing_total')).toBe(1);
    const other = await fleets.measured();
    expect(other.registry).not.toBe(registry);
  });

  test('a scrape asks the fleet once, and the next one again: all gauges are of one moment', async () => {
    const { fleet, registry } = await fleets.measured();
    const status = jest.spyOn(fleet, 'status');
    await registry.metrics();
    expect(status).toHaveBeenCalledTimes(1);
    await registry.metrics();
    expect(status).toHaveBeenCalledTimes(2);
  });

  test('the same fleet twice in one registry is counted once', async () => {
    const registry = new Registry();
    const fleet = await fleets.connected();
    fleetRegistry(fleet, { registry });
    fleetRegistry(fleet, { registry });
    await fleet.query('select 1');
    expect((await scrape(registry)).sum('read_routing_total')).toBe(1);
  });

  test('a fleet that is closed leaves no gauge, and its counters; connected again it is counted on', async () => {
    const registry = new Registry();
    const first = await fleets.connected();
    fleetRegistry(first, { registry });
    await first.query('select 1');
    await first.close();
    const closed = await scrape(registry);
    expect(closed.families.get('replica_health')?.samples.size).toBe(0);
    expect(closed.families.get('connection_pool_max')?.samples.size).toBe(0);
    expect(closed.sum('read_routing_total')).toBe(1);
    const second = await fleets.connected();
    fleetRegistry(second, { registry });
    await second.query('select 1');
    expect((await scrape(registry)).sum('read_routing_total')).toBe(2);
  });

  test('default labels are on every sample', async () => {
    const { fleet, registry } = await fleets.measured({}, { defaultLabels: { service: 'shop' } });
    await fleet.query('select 1');
    const { families } = await scrape(registry);
    const samples = [...families.values()].flatMap(({ samples }) => [...samples.keys()]);
    expect(samples.length).toBeGreaterThan(30);
    expect(samples.filter((sample) => !sample.includes('service="shop"'))).toEqual([]);
  });

  test('a registry that was cleared is filled anew', async () => {
    const registry = new Registry();
    const fleet = await fleets.connected();
    fleetRegistry(fleet, { registry });
    registry.clear();
    fleetRegistry(fleet, { registry });
    await fleet.query('select 1');
    expect((await scrape(registry)).sum('read_routing_total')).toBe(1);
  });

  test('a registry with a metric of that name is refused as it is', async () => {
    const registry = new Registry();
    new Counter({ name: 'call_failures_total', help: 'Phone calls.', registers: [registry] });
    const fleet = await fleets.connected();
    let refusal: unknown;
    try {
      fleetRegistry(fleet, { registry });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ReadfleetError);
    expect(refusal).toMatchObject({
      code: 'READFLEET_METRIC_TAKEN',
      message: expect.stringContaining('call_failures_total.'),
    });
    expect(registry.getMetricsAsArray()).toHaveLength(1);
  });

  test('other buckets than the registry has are refused', async () => {
    const registry = new Registry();
    fleetRegistry(await fleets.connected(), { registry });
    const invoices = await fleets.connected({}, 'invoices');
    expect(() => fleetRegistry(invoices, { registry, buckets: { calls: [1] } })).toThrow(
      expect.objectContaining({
        code: 'READFLEET_METRICS_DIFFER',
        message: expect.stringMatching(/^the registry measures another fleet/),
      }),
    );
  });

  test('options that are wrong are refused before anything is registered', async () => {
    const registry = new Registry();
    const fleet = await fleets.connected();
    expect(() => fleetRegistry(fleet, { registry, maxEndpoints: -1 })).toThrow(
      expect.objectContaining({ code: 'READFLEET_OPTIONS_INVALID' }),
    );
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  test('several processes of a cluster make one: the worst of what they see, the sum of what they have', async () => {
    const { fleet, registry } = await fleets.measured();
    fleet.breaker('blue').forceOpen();
    const { registry: other } = await fleets.measured();
    const one = AggregatorRegistry.aggregate([await registry.getMetricsAsJSON(), await other.getMetricsAsJSON()]);
    const { value } = parseExposition(await one.metrics());
    expect(value('connection_pool_max', { member: 'primary' })).toBe(100);
    expect(value('circuit_breaker_state', { member: 'blue' })).toBe(2);
    expect(value('replica_health', { member: 'blue' })).toBe(0);
  });
});

test('without prom-client it says how to get it', async () => {
  const fleet = await fleets.connected();
  jest.isolateModules(() => {
    jest.doMock('prom-client', () => {
      throw Object.assign(new Error(`Cannot find module 'prom-client'`), { code: 'MODULE_NOT_FOUND' });
    });
    try {
      const alone = require('../../monitoring/prometheus') as typeof import('../../monitoring/prometheus');
      expect(() => alone.fleetRegistry(fleet)).toThrow(
        expect.objectContaining({
          code: 'READFLEET_PEER_MISSING',
          message: expect.stringMatching(/^fleetRegistry\(\) needs .* npm install "prom-client@\^15\.0\.0"$/),
        }),
      );
    } finally {
      jest.dontMock('prom-client');
    }
  });
});
