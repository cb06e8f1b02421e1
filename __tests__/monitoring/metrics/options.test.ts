import { InvalidConfigError } from '../../../lib';
import { DEFAULT_BUCKETS } from '../../../monitoring/metrics/instruments';
import { type MetricsOptions, resolveMetricsOptions } from '../../../monitoring/metrics/options';

function problems(options: unknown): readonly string[] {
  try {
    resolveMetricsOptions(options as MetricsOptions, 'fleetRegistry()');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    expect(error.code).toBe('READFLEET_OPTIONS_INVALID');
    expect(error.message).toMatch(/^fleetRegistry\(\) options: \d problem/);
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

test('defaults: a hundred endpoints, buckets, no labels', () => {
  expect(resolveMetricsOptions({}, 'x')).toEqual({ maxEndpoints: 100, buckets: DEFAULT_BUCKETS, defaultLabels: {} });
});

test('buckets of one histogram leave the others', () => {
  const { buckets } = resolveMetricsOptions({ buckets: { calls: [1, 2] } }, 'x');
  expect(buckets).toEqual({ ...DEFAULT_BUCKETS, calls: [1, 2] });
});

test('no endpoint at all may have a value of its own', () => {
  expect(resolveMetricsOptions({ maxEndpoints: 0 }, 'x').maxEndpoints).toBe(0);
});

test.each([-1, 1.5, '7', Number.NaN])('maxEndpoints %p is refused', (maxEndpoints) => {
  expect(problems({ maxEndpoints })).toHaveLength(1);
});

test.each([[[]], [[1, 1]], [[2, 1]], [[0, 1]], [['1']], [3]])('buckets %j are refused', (calls) => {
  expect(problems({ buckets: { calls } })).toHaveLength(1);
});

test('buckets of what is no histogram are refused', () => {
  expect(problems({ buckets: { lagSeconds: [1] } })).toHaveLength(1);
});

test.each(['fleet', 'environment', 'member', 'endpoint', 'le', '__name', '1st', 'a-b', ''])(
  'a default label named "%s" is refused',
  (name) => {
    expect(problems({ defaultLabels: { [name]: 'x' } }).length).toBeGreaterThan(0);
  },
);

test('every problem is told at once', () => {
  expect(problems({ maxEndpoints: -1, defaultLabels: { service: 7 } })).toEqual([
    'maxEndpoints: Must be 0 or more.',
    'defaultLabels.service: Must be a text.',
  ]);
});

test('options of the face itself are let through', () => {
  expect(problems({ registry: {}, meterProvider: {} })).toEqual([]);
});
