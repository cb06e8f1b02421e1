import type { Counter, Gauge, Histogram, PrometheusContentType, Registry, RegistryContentType } from 'prom-client';
import { type Fleet, ReadfleetError } from '../lib';
import type { Reading } from './metrics/gauges';
import {
  COUNTERS,
  type CounterMetric,
  FLEET_LABELS,
  GAUGES,
  type GaugeMetric,
  HISTOGRAMS,
  type HistogramMetric,
  INSTRUMENTS,
  type Metric,
} from './metrics/instruments';
import { Meter } from './metrics/meter';
import { type MetricsOptions, type MetricsSettings, resolveMetricsOptions } from './metrics/options';
import { loadPeer } from './metrics/peer';

export type { Buckets } from './metrics/instruments';
export type { MetricsOptions } from './metrics/options';

type PromClient = typeof import('prom-client');

/** How to measure into a registry of prom-client. */
export interface FleetRegistryOptions<Type extends RegistryContentType = PrometheusContentType> extends MetricsOptions {
  /**
   * Where the app has its metrics: several fleets may share one.
   * @default - one of the fleet's own, the same at each call
   */
  readonly registry?: Registry<Type>;
}

/**
 * Measures a fleet into a registry of prom-client, until the fleet is closed. docs/metrics.md has the list.
 *
 * ```ts
 * const registry = fleetRegistry(fleet);
 * createServer(async (_, response) => {
 *   response.setHeader('content-type', registry.contentType).end(await registry.metrics());
 * }).listen(9400);
 * ```
 *
 * Counters grow as the fleet tells what it does; gauges are read at each scrape. To call it again for the same fleet changes nothing. Two connections
 * to one fleet, by its name, are counted together in one registry, and the first that is open shows the gauges.
 *
 * @returns the registry that was given, or the fleet's own
 * @throws ReadfleetError `READFLEET_PEER_MISSING` without prom-client; `READFLEET_METRIC_TAKEN` when the registry has a metric of one of the names
 *   that is not readfleet's; `READFLEET_METRICS_DIFFER` when it measures another fleet with other buckets or labels
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 */
export function fleetRegistry<Type extends RegistryContentType = PrometheusContentType>(
  fleet: Fleet,
  options: FleetRegistryOptions<Type> = {},
): Registry<Type> {
  const client: PromClient = loadPeer('prom-client', 'fleetRegistry()', () => require('prom-client'));
  const settings = resolveMetricsOptions(options, 'fleetRegistry()');
  const registry = options.registry ?? (ownRegistry(fleet, client) as Registry<Type>);
  meterOf(registry as Registry, client, settings).start(fleet, settings);
  return registry;
}

const owned = new WeakMap<Fleet, Registry>();

function ownRegistry(fleet: Fleet, client: PromClient): Registry {
  const registry = owned.get(fleet) ?? new client.Registry();
  owned.set(fleet, registry);
  return registry;
}

interface Registered {
  readonly meter: Meter;
  /** One of its metrics, to see that the registry was not cleared since. */
  readonly sample: Counter;
}

const registered = new WeakMap<Registry, Registered>();

function meterOf(registry: Registry, client: PromClient, settings: MetricsSettings): Meter {
  const known = registered.get(registry);
  if (known && registry.getSingleMetric(INSTRUMENTS.reads.name) === known.sample) return known.meter;
  refuseTaken(registry);
  const made = register(registry, client, settings);
  registered.set(registry, made);
  return made.meter;
}

/** All or none is registered. */
function refuseTaken(registry: Registry): void {
  const taken = Object.values(INSTRUMENTS).filter(({ name }) => registry.getSingleMetric(name) !== undefined);
  if (taken.length === 0) return;
  throw new ReadfleetError(
    'READFLEET_METRIC_TAKEN',
    `fleetRegistry(): the registry has metrics already that are not readfleet's: ${taken.map(({ name }) => name).join(', ')}. ` +
      "Leave `registry` out, and join the two with prom-client's Registry.merge(); or rename those.",
  );
}

function register(registry: Registry, client: PromClient, settings: MetricsSettings): Registered {
  const labelNames = (metric: Metric) => [
    ...Object.keys(settings.defaultLabels),
    ...FLEET_LABELS,
    ...INSTRUMENTS[metric].labels,
  ];
  const config = (metric: Metric) => {
    const { name, help } = INSTRUMENTS[metric];
    return { name, help, labelNames: labelNames(metric), registers: [registry] };
  };
  for (const metric of GAUGES) {
    new client.Gauge({
      ...config(metric),
      aggregator: INSTRUMENTS[metric].across,
      collect() {
        show(this, snapshot().get(metric));
      },
    });
  }
  const counters = Object.fromEntries(COUNTERS.map((metric) => [metric, new client.Counter(config(metric))])) as Record<
    CounterMetric,
    Counter
  >;
  const histograms = Object.fromEntries(
    HISTOGRAMS.map((metric) => [
      metric,
      new client.Histogram({ ...config(metric), buckets: [...settings.buckets[metric]] }),
    ]),
  ) as Record<HistogramMetric, Histogram>;
  const meter = new Meter(
    {
      add: (metric, labels, count) => counters[metric].inc(labels, count),
      observe: (metric, labels, seconds) => histograms[metric].observe(labels, seconds),
    },
    settings,
    'the registry',
  );
  const snapshot = onceATick(() => byMetric(meter.read()));
  return { meter, sample: counters.reads };
}

/** What left the fleet is shown no more. */
function show(gauge: Gauge, readings: readonly Reading[] = []): void {
  gauge.reset();
  for (const { labels, value } of readings) gauge.set(labels, value);
}

function byMetric(readings: readonly Reading[]): ReadonlyMap<GaugeMetric, readonly Reading[]> {
  const groups = new Map<GaugeMetric, Reading[]>();
  for (const reading of readings) {
    const group = groups.get(reading.metric);
    if (group) group.push(reading);
    else groups.set(reading.metric, [reading]);
  }
  return groups;
}

/** A scrape asks all gauges in one go: they are of one moment, and read once. */
function onceATick<T>(read: () => T): () => T {
  let taken: T | undefined;
  return () => {
    if (taken === undefined) {
      taken = read();
      queueMicrotask(() => {
        taken = undefined;
      });
    }
    return taken;
  };
}
