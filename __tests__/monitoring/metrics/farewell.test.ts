import { Farewell } from '../../../monitoring/metrics/farewell';
import type { Reading } from '../../../monitoring/metrics/gauges';
import type { GaugeMetric } from '../../../monitoring/metrics/instruments';
import { BASE } from './support';

const BLUE = { ...BASE, member: 'blue' };

function reading(metric: GaugeMetric, value: number, labels: Record<string, string> = BLUE): Reading {
  return { metric, labels, value };
}

let farewell: Farewell;

beforeEach(() => {
  farewell = new Farewell();
});

test('what is there is told as it is', () => {
  const readings = [reading('health', 1), reading('lagSeconds', 0.2)];
  expect(farewell.complete(readings)).toEqual(readings);
  expect(farewell.complete(readings)).toEqual(readings);
});

test('a state that a member left is told once as 0', () => {
  const serving = { ...BLUE, state: 'serving' };
  const lagging = reading('state', 1, { ...BLUE, state: 'lagging' });
  farewell.complete([reading('state', 1, serving)]);
  expect(farewell.complete([lagging])).toEqual([lagging, reading('state', 0, serving)]);
  expect(farewell.complete([lagging])).toEqual([lagging]);
});

test('a lag that became unknown is a day; its bytes stay as they were', () => {
  const health = reading('health', 0);
  farewell.complete([health, reading('lagSeconds', 0.2), reading('lagBytes', 10)]);
  expect(farewell.complete([health])).toEqual([health, reading('lagSeconds', 86_400)]);
});

test('a lag of more than is remembered is a day', () => {
  expect(farewell.complete([reading('lagSeconds', Number.POSITIVE_INFINITY)])).toEqual([reading('lagSeconds', 86_400)]);
});

test('nobody is woken for a member that left', () => {
  const rest = reading('health', 1, { ...BASE, member: 'green' });
  const had: GaugeMetric[] = [
    'lagSeconds',
    'lagBytes',
    'health',
    'state',
    'breaker',
    'connections',
    'waiting',
    'poolMax',
  ];
  farewell.complete([rest, ...had.map((metric) => reading(metric, 2))]);
  expect(farewell.complete([rest]).slice(1)).toEqual(had.map((metric) => reading(metric, metric === 'health' ? 1 : 0)));
});

test('the same member of another fleet is another', () => {
  const other = reading('health', 1, { ...BLUE, fleet: 'invoices' });
  farewell.complete([other, reading('lagSeconds', 2)]);
  expect(farewell.complete([other])).toEqual([other, reading('lagSeconds', 0)]);
});

test('nor for the role that a member had before a failover', () => {
  const replica = { ...BLUE, role: 'replica' };
  const primary = reading('health', 1, { ...BLUE, role: 'primary' });
  farewell.complete([reading('health', 0, replica)]);
  expect(farewell.complete([primary])).toEqual([primary, reading('health', 1, replica)]);
});

test('a fleet that is closed bears nothing; the share of an endpoint stays as it was', () => {
  const burden = [reading('bulkhead', 3, BASE), reading('bulkheadMax', 7, BASE), reading('allOff', 1, BASE)];
  farewell.complete([...burden, reading('rollout', 25, { ...BASE, endpoint: 'shop' })]);
  expect(farewell.complete([])).toEqual(burden.map((one) => ({ ...one, value: 0 })));
});
