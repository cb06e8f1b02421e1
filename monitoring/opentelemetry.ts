import type { Counter, Histogram, MeterProvider, ObservableGauge } from '@opentelemetry/api';
import type { Fleet } from '../lib';
import { Farewell } from './metrics/farewell';
import {
  COUNTERS,
  type CounterMetric,
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

type Api = typeof import('@opentelemetry/api');

/** How to measure into OpenTelemetry. */
export interface MeterFleetOptions extends MetricsOptions {
  /** @default the global one, as it is set when the fleet is measured */
  readonly meterProvider?: MeterProvider;
}

/** Ends the measuring of a fleet. */
export interface FleetMeter {
  /** Its counters grow no more, and its gauges are those of a fleet without members. Done by `fleet.close()` as well. */
  stop(): void;
}

/** Under which the instruments are found. */
const SCOPE = 'readfleet';

/**
 * Measures a fleet by OpenTelemetry, until it is closed: the same metrics under the same names as `fleetRegistry()` of readfleet/prometheus. Where
 * a gauge would vanish there, it is told once more here: the SDK for Node repeats the last value for ever.
 *
 * Call it after the SDK was started: a meter of before that measures nothing, for ever. To call it again for the same fleet changes nothing, and
 * either `stop()` ends it.
 *
 * @throws ReadfleetError `READFLEET_PEER_MISSING` without @opentelemetry/api; `READFLEET_METRICS_DIFFER` when the provider's meter measures another
 *   fleet with other buckets or labels
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
 */
export function meterFleet(fleet: Fleet, options: MeterFleetOptions = {}): FleetMeter {
  const api: Api = loadPeer('@opentelemetry/api', 'meterFleet()', () => require('@opentelemetry/api'));
  const settings = resolveMetricsOptions(options, 'meterFleet()');
  const meter = meterOf(options.meterProvider ?? api.metrics.getMeterProvider(), settings);
  meter.start(fleet, settings);
  return { stop: () => meter.stop(fleet) };
}

const meters = new WeakMap<MeterProvider, Meter>();

function meterOf(provider: MeterProvider, settings: MetricsSettings): Meter {
  const meter = meters.get(provider) ?? make(provider, settings);
  meters.set(provider, meter);
  return meter;
}

function make(provider: MeterProvider, settings: MetricsSettings): Meter {
  const otel = provider.getMeter(SCOPE);
  const described = (metric: Metric) => {
    const { help: description, unit } = INSTRUMENTS[metric];
    return { description, unit };
  };
  const gauges = Object.fromEntries(
    GAUGES.map((metric) => [metric, otel.createObservableGauge(INSTRUMENTS[metric].name, described(metric))]),
  ) as Record<GaugeMetric, ObservableGauge>;
  const counters = Object.fromEntries(
    COUNTERS.map((metric) => [metric, otel.createCounter(INSTRUMENTS[metric].name, described(metric))]),
  ) as Record<CounterMetric, Counter>;
  const histograms = Object.fromEntries(
    HISTOGRAMS.map((metric) => [
      metric,
      otel.createHistogram(INSTRUMENTS[metric].name, {
        ...described(metric),
        advice: { explicitBucketBoundaries: [...settings.buckets[metric]] },
      }),
    ]),
  ) as Record<HistogramMetric, Histogram>;
  const meter = new Meter(
    {
      add: (metric, labels, count) => counters[metric].add(count, labels),
      observe: (metric, labels, seconds) => histograms[metric].record(seconds, labels),
    },
    settings,
    'the meter provider',
  );
  const farewell = new Farewell();
  otel.addBatchObservableCallback((result) => {
    for (const { metric, labels, value } of farewell.complete(meter.read())) {
      result.observe(gauges[metric], value, labels);
    }
  }, Object.values(gauges));
  return meter;
}
