import type { FleetStatus, MemberState, MemberStatus } from '../../../lib';
import { BoundedNames } from '../../../monitoring/metrics/bounded-names';
import { readGauges } from '../../../monitoring/metrics/gauges';
import { fleetStatus, memberStatus } from './support';

/** `metric label=value …` → value. */
function read(status: FleetStatus, maxEndpoints = 10): Readonly<Record<string, number>> {
  const readings = readGauges(status, new BoundedNames(maxEndpoints));
  const shown = readings.map(
    ({ metric, labels, value }) => [[metric, ...Object.values(labels)].join(' '), value] as const,
  );
  expect(new Set(shown.map(([name]) => name)).size).toBe(shown.length);
  return Object.fromEntries(shown);
}

function ofMember(changes: Partial<MemberStatus>): Readonly<Record<string, number>> {
  return read(fleetStatus({ members: [memberStatus(changes)] }));
}

test('a replica that serves, and the fleet', () => {
  expect(read(fleetStatus())).toEqual({
    'lagSeconds blue': 0.1,
    'lagBytes blue': 512,
    'health blue replica': 1,
    'state blue replica serving': 1,
    'breaker blue replica': 0,
    'connections blue replica active': 2,
    'connections blue replica idle': 3,
    'waiting blue replica': 1,
    'poolMax blue replica': 30,
    bulkhead: 2,
    bulkheadMax: 7,
    allOff: 0,
  });
});

test('a lag that is not known is absent, never 0', () => {
  const gauges = ofMember({ lag: undefined });
  expect(Object.keys(gauges).filter((name) => name.startsWith('lag'))).toEqual([]);
});

test('positions that are not counted in bytes leave the seconds', () => {
  const gauges = ofMember({ lag: { seconds: 3, bytes: undefined } });
  expect(Object.keys(gauges).filter((name) => name.startsWith('lag'))).toEqual(['lagSeconds blue']);
});

test('a lag of more than is remembered is infinite, so that an alert on it goes on', () => {
  expect(ofMember({ lag: { seconds: Number.POSITIVE_INFINITY, bytes: 9 } })['lagSeconds blue']).toBe(
    Number.POSITIVE_INFINITY,
  );
});

test.each<[MemberState, number]>([
  [{ kind: 'serving', lag: { seconds: 0, bytes: 0 } }, 1],
  [{ kind: 'lagging', lag: undefined }, 1],
  [{ kind: 'joining' }, 0],
  [{ kind: 'disconnected', lag: undefined, reason: 'no WAL receiver' }, 0],
  [{ kind: 'ejected', reason: 'it does not answer' }, 0],
  [{ kind: 'draining' }, 0],
  [{ kind: 'gone' }, 0],
  [{ kind: 'promoted' }, 0],
  [{ kind: 'writing' }, 0],
  [{ kind: 'demoted' }, 0],
  [{ kind: 'fenced', reason: 'another is the primary' }, 0],
])('of %j the health is %d, and that state alone is told', (state, health) => {
  const gauges = ofMember({ state });
  expect(gauges['health blue replica']).toBe(health);
  expect(Object.keys(gauges).filter((name) => name.startsWith('state '))).toEqual([`state blue replica ${state.kind}`]);
  expect(gauges[`state blue replica ${state.kind}`]).toBe(1);
});

test('the primary has health, and no lag', () => {
  const gauges = ofMember({ name: 'primary', role: 'primary', lag: undefined });
  expect(gauges['health primary primary']).toBe(1);
  expect(Object.keys(gauges).filter((name) => name.startsWith('lag'))).toEqual([]);
});

test.each([
  ['closed', 0],
  ['half-open', 1],
  ['open', 2],
] as const)('a breaker that is %s is %d', (state, value) => {
  expect(ofMember({ breaker: { state, forced: undefined } })['breaker blue replica']).toBe(value);
});

test('flags: the share of each endpoint, and whether all is off', () => {
  const endpoints = [
    { endpoint: 'shop', enabled: true, percent: 25 },
    { endpoint: 'cart', enabled: false, percent: 0 },
  ];
  expect(read(fleetStatus({ members: [], flags: { allOff: true, endpoints } }))).toEqual({
    bulkhead: 2,
    bulkheadMax: 7,
    allOff: 1,
    'rollout shop': 25,
    'rollout cart': 0,
  });
});

test('endpoints past the bound have no share: several would be one', () => {
  const endpoints = ['a', 'b', 'c'].map((endpoint) => ({ endpoint, enabled: true, percent: 50 }));
  const gauges = read(fleetStatus({ flags: { allOff: false, endpoints } }), 2);
  expect(Object.keys(gauges).filter((name) => name.startsWith('rollout'))).toEqual(['rollout a', 'rollout b']);
});
