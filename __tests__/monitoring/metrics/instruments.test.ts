import {
  COUNTERS,
  DEFAULT_BUCKETS,
  GAUGES,
  HISTOGRAMS,
  INSTRUMENTS,
  type Instrument,
} from '../../../monitoring/metrics/instruments';
import { APP_METRICS } from '../../../monitoring/metrics/names';

const all: readonly [string, Instrument][] = Object.entries(INSTRUMENTS);

test('each has the name that alert rules and the dashboard ask for', () => {
  expect(Object.fromEntries(all.map(([metric, { name }]) => [metric, name]))).toEqual(APP_METRICS);
});

test('each is a gauge, a counter or a histogram', () => {
  expect([...GAUGES, ...COUNTERS, ...HISTOGRAMS].sort()).toEqual(Object.keys(APP_METRICS).sort());
});

test('names follow Prometheus: counters end in _total, times in _seconds, bytes in _bytes, and no other does', () => {
  for (const [, { name, kind, unit }] of all) {
    expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
    expect([name, name.endsWith('_seconds')]).toEqual([name, unit === 's']);
    expect([name, name.endsWith('_bytes')]).toEqual([name, unit === 'By']);
    expect([name, name.endsWith('_percent')]).toEqual([name, unit === '%']);
  }
});

test('no gauge has the unit 1, of which a collector would make another name', () => {
  expect(all.filter(([, { unit }]) => (unit as string) === '1')).toEqual([]);
});

test('gauges alone say what several processes make together', () => {
  for (const [, { name, kind, across }] of all) expect([name, across !== undefined]).toEqual([name, kind === 'gauge']);
});

test('buckets grow, and are of seconds', () => {
  for (const bounds of Object.values(DEFAULT_BUCKETS)) {
    expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
    expect(new Set(bounds).size).toBe(bounds.length);
  }
  expect([DEFAULT_BUCKETS.calls.at(-1), DEFAULT_BUCKETS.decisions[0]]).toEqual([10, 0.00001]);
});
