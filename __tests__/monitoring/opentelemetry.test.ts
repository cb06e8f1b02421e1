import { metrics } from '@opentelemetry/api';
import {
  DataPointType,
  type HistogramMetricData,
  MeterProvider,
  type MetricData,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { channels, type Fleet } from '../../lib';
import { INSTRUMENTS } from '../../monitoring/metrics/instruments';
import { meterFleet } from '../../monitoring/opentelemetry';
import { fleetRegistry } from '../../monitoring/prometheus';
import { times } from '../support/counts';
import { type Exposition, scrape } from './metrics/exposition';
import { useFleets } from './metrics/fleets';

/** Collects when it is asked to, into memory. */
class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const fleets = useFleets();
let reader: Reader;
let meterProvider: MeterProvider;

beforeEach(() => {
  reader = new Reader();
  meterProvider = new MeterProvider({ readers: [reader] });
});

afterEach(async () => {
  metrics.disable();
  await meterProvider.shutdown();
});

async function collected(): Promise<readonly MetricData[]> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  expect(resourceMetrics.scopeMetrics.map(({ scope }) => scope.name)).toEqual(['readfleet']);
  return resourceMetrics.scopeMetrics[0]?.metrics ?? [];
}

type Attributes = Readonly<Record<string, string>>;

/** Every number, as Prometheus names them. */
async function numbers(): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const put = (name: string, attributes: object, value: number) => {
    const labels = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = `${name}{${labels.map(([label, text]) => `${label}=${JSON.stringify(text)}`).join(',')}}`;
    expect([key, found.has(key)]).toEqual([key, false]);
    found.set(key, value);
  };
  for (const metric of await collected()) {
    const { name } = metric.descriptor;
    if (metric.dataPointType === DataPointType.HISTOGRAM) putHistograms(metric, put);
    else for (const { attributes, value } of metric.dataPoints) put(name, attributes, value as number);
  }
  return found;
}

function putHistograms(
  { descriptor, dataPoints }: HistogramMetricData,
  put: (name: string, attributes: object, value: number) => void,
) {
  for (const { attributes, value } of dataPoints) {
    let upTo = 0;
    value.buckets.counts.forEach((count, index) => {
      upTo += count;
      const bound = value.buckets.boundaries[index];
      put(`${descriptor.name}_bucket`, { ...attributes, le: bound === undefined ? '+Inf' : String(bound) }, upTo);
    });
    put(`${descriptor.name}_sum`, attributes, value.sum ?? Number.NaN);
    put(`${descriptor.name}_count`, attributes, value.count);
  }
}

function samples({ families }: Exposition): ReadonlyMap<string, number> {
  return new Map([...families.values()].flatMap((family) => [...family.samples]));
}

async function everythingHappens(fleet: Fleet): Promise<void> {
  fleet.flags.rollout('cart', 0);
  await times(5, (turn) => fleet.query('select 1', [], { endpoint: turn % 2 === 0 ? 'shop' : 'cart' }));
  await fleet.write(`insert into note values ('x')`);
  await fleet.transaction((transaction) => transaction.query('select 1'), { readOnly: true });
  await fleet.query('select pg_sleep(30)', [], { timeoutMs: 30 }).catch(() => undefined);
  fleet.breaker('blue').forceOpen();
  fleet.breaker('green').forceOpen();
  await fleet.query('select 1', [], { endpoint: 'list' });
}

test('what OpenTelemetry is told is what Prometheus is told: names, labels, values', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider });
  const registry = fleetRegistry(fleet);
  await everythingHappens(fleet);
  // Both read the gauges before anything else can happen.
  const [otel, prometheus] = await Promise.all([numbers(), scrape(registry).then(samples)]);
  expect(Object.fromEntries([...otel].sort())).toEqual(Object.fromEntries([...prometheus].sort()));
  expect(otel.size).toBeGreaterThan(100);
});

test('each has its unit, its description and its kind', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider });
  await everythingHappens(fleet);
  const described = (await collected()).map(({ descriptor, dataPointType }) => [
    descriptor.name,
    { unit: descriptor.unit, description: descriptor.description, type: DataPointType[dataPointType] },
  ]);
  const TYPES = { gauge: 'GAUGE', counter: 'SUM', histogram: 'HISTOGRAM' } as const;
  const said = Object.values(INSTRUMENTS).map(({ name, unit, help, kind }) => [
    name,
    { unit, description: help, type: TYPES[kind] },
  ]);
  // Forced open, no replica has a lag that is known.
  const shown = said.filter(([name]) => described.some(([other]) => other === name));
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(shown));
  expect(described.length).toBeGreaterThanOrEqual(said.length - 2);
});

test('the global meter provider is the default', async () => {
  expect(metrics.setGlobalMeterProvider(meterProvider)).toBe(true);
  const fleet = await fleets.connected();
  meterFleet(fleet);
  await fleet.query('select 1');
  expect(await count('routing_decision_seconds_count{environment="laptop",fleet="orders"}')).toBe(1);
});

test('without a meter provider nothing is measured, and nothing fails', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet);
  await fleet.query('select 1');
});

async function count(key: string): Promise<number | undefined> {
  return (await numbers()).get(key);
}

const READS = 'read_routing_total{endpoint="",environment="laptop",fleet="orders",reason="replica",target="replica"}';

/** Values of one gauge of a member, by its other labels. */
async function gauge(name: string, member: string): Promise<readonly number[]> {
  return [...(await numbers())]
    .filter(([key]) => key.startsWith(`${name}{`) && key.includes(`member="${member}"`))
    .map(([, value]) => value);
}

test('stopped, its counters stay, its pools are told to be gone, and nobody listens any more', async () => {
  const fleet = await fleets.connected();
  const { stop } = meterFleet(fleet, { meterProvider });
  await fleet.query('select 1');
  expect(await gauge('connection_pool_max', 'blue')).toEqual([30]);
  stop();
  stop();
  expect(channels.decision.hasSubscribers).toBe(false);
  await fleet.query('select 1');
  expect(await gauge('connection_pool_max', 'blue')).toEqual([0]);
  expect(await count(READS)).toBe(1);
});

test('measured again it goes on', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider }).stop();
  meterFleet(fleet, { meterProvider });
  meterFleet(fleet, { meterProvider });
  await fleet.query('select 1');
  expect(await count(READS)).toBe(1);
});

test('a fleet that is closed before anybody asked has no gauges', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider });
  await fleet.close();
  expect(await gauge('replica_health', 'blue')).toEqual([]);
});

test('a member is in one state, whatever it was in before', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider });
  const states = async () => (await gauge('fleet_member_state', 'blue')).reduce((sum, value) => sum + value, 0);
  expect(await states()).toBe(1);
  fleet.breaker('blue').forceOpen();
  expect(await states()).toBe(1);
  expect(await gauge('fleet_member_state', 'blue')).toHaveLength(2);
});

test('a member that left is none that is ill', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider });
  fleet.breaker('green').forceOpen();
  expect([await gauge('replica_health', 'green'), await gauge('circuit_breaker_state', 'green')]).toEqual([[0], [2]]);
  await fleet.replicas.remove('green');
  expect([await gauge('replica_health', 'green'), await gauge('circuit_breaker_state', 'green')]).toEqual([[1], [0]]);
  expect(await gauge('connection_pool_max', 'green')).toEqual([0]);
  expect(await gauge('connection_pool_max', 'blue')).toEqual([30]);
});

test('two fleets of one provider are told apart', async () => {
  const [orders, invoices] = [await fleets.connected(), await fleets.connected({}, 'invoices')];
  meterFleet(orders, { meterProvider });
  meterFleet(invoices, { meterProvider });
  await times(2, () => invoices.query('select 1'));
  await orders.query('select 1');
  expect(await count(READS)).toBe(1);
  expect(await count(READS.replace('orders', 'invoices'))).toBe(2);
  expect(await gauge('connection_pool_max', 'blue')).toEqual([30, 30]);
});

test('buckets and labels can be given', async () => {
  const fleet = await fleets.connected();
  meterFleet(fleet, { meterProvider, buckets: { calls: [1, 60] }, defaultLabels: { service: 'shop' } });
  await fleet.query('select 1');
  const calls = (await collected()).find(({ descriptor }) => descriptor.name === 'call_duration_seconds');
  const [point] = (calls as HistogramMetricData).dataPoints;
  expect(point?.value.buckets.boundaries).toEqual([1, 60]);
  const labels: Attributes[] = (await collected()).flatMap(({ dataPoints }) =>
    dataPoints.map(({ attributes }) => attributes as Attributes),
  );
  expect(labels.every(({ service }) => service === 'shop')).toBe(true);
});

test('other buckets than the provider’s meter has are refused', async () => {
  meterFleet(await fleets.connected(), { meterProvider });
  const invoices = await fleets.connected({}, 'invoices');
  expect(() => meterFleet(invoices, { meterProvider, buckets: { calls: [1] } })).toThrow(
    expect.objectContaining({
      code: 'READFLEET_METRICS_DIFFER',
      message: expect.stringMatching(/^the meter provider measures/),
    }),
  );
});

test('without @opentelemetry/api it says how to get it', async () => {
  const fleet = await fleets.connected();
  jest.isolateModules(() => {
    jest.doMock('@opentelemetry/api', () => {
      throw Object.assign(new Error(`Cannot find module '@opentelemetry/api'`), { code: 'MODULE_NOT_FOUND' });
    });
    try {
      const alone = require('../../monitoring/opentelemetry') as typeof import('../../monitoring/opentelemetry');
      expect(() => alone.meterFleet(fleet)).toThrow(
        expect.objectContaining({
          code: 'READFLEET_PEER_MISSING',
          message: expect.stringMatching(/^meterFleet\(\) needs .* npm install "@opentelemetry\/api@\^1\.9\.0"$/),
        }),
      );
    } finally {
      jest.dontMock('@opentelemetry/api');
    }
  });
});
