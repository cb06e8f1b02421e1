import type { MemberState, MemberStatus } from '../../../lib';
import { healthBody, lagBody, poolsBody, type ReplicaStatus } from '../../../monitoring/http/bodies';
import { statusView } from '../../../monitoring/status-view';
import { member } from '../recorder-support';

const lag = { seconds: 0, bytes: 0 };

function view(members: readonly MemberStatus[], allOff = false) {
  const status = {
    fleet: 'orders',
    environment: 'test',
    members,
    flags: { allOff, endpoints: [] },
    bulkhead: { active: 0, queued: 0, shed: 0, max: 1 },
    retriesLeft: 0,
  };
  return statusView(status, { warningSeconds: 1, criticalSeconds: 5 }, Date.parse('2025-12-13T13:00:00Z'));
}

const primary = member('primary', { role: 'primary', lag: undefined });

test.each<[MemberState, ReplicaStatus, boolean, string | null]>([
  [{ kind: 'serving', lag }, 'healthy', true, null],
  [{ kind: 'lagging', lag }, 'lagging', true, null],
  [{ kind: 'draining' }, 'draining', true, null],
  [{ kind: 'joining' }, 'unknown', false, 'has not answered yet'],
  [{ kind: 'disconnected', lag, reason: 'no WAL receiver' }, 'unhealthy', false, 'no WAL receiver'],
  [{ kind: 'ejected', reason: 'refused' }, 'unhealthy', false, 'refused'],
  [{ kind: 'promoted' }, 'unhealthy', false, 'was promoted: what it holds is no longer the primary’s'],
  [{ kind: 'writing' }, 'unhealthy', false, 'is the primary at present'],
])('a replica that is %j is %s', (state, status, healthy, reason) => {
  const body = healthBody(view([primary, member('blue', { state })]));
  expect(body).toMatchObject({ healthy, replicas: [{ name: 'blue', status, reason }] });
  expect(lagBody(view([primary, member('blue', { state })])).replicas[0]?.status).toBe(status);
});

const ejected = { state: { kind: 'ejected', reason: 'refused' } } as const;

test.each<[readonly MemberStatus[], boolean, boolean, string]>([
  [[], false, false, 'There are no replicas: every read goes to the primary'],
  [[member('blue')], false, true, 'The replica is healthy'],
  [[member('a'), member('b'), member('c')], false, true, 'All 3 replicas are healthy'],
  [[member('a'), member('b', ejected)], false, true, '1 of 2 replicas is not healthy: b (refused)'],
  [
    [member('a', ejected), member('b', ejected)],
    false,
    true,
    '2 of 2 replicas are not healthy: a (refused), b (refused)',
  ],
  [
    [member('a', { state: { kind: 'draining' } })],
    false,
    true,
    '0 of 1 replica at its best, none unhealthy; draining: a',
  ],
  [
    [member('a')],
    true,
    false,
    'The replica is healthy; all endpoints are switched off: every read goes to the primary',
  ],
])('%#: the message', (replicas, allOff, replicasEnabled, message) => {
  const body = healthBody(view([primary, ...replicas], allOff));
  expect(body).toMatchObject({
    message,
    replicasEnabled,
    replicaCount: replicas.length,
    timestamp: '2025-12-13T13:00:00.000Z',
  });
});

test('a primary of before a failover is neither the primary nor a replica', () => {
  const former = member('old', {
    role: 'primary',
    state: { kind: 'fenced', reason: 'gone' },
    pool: { total: 9, idle: 9, waiting: 0, max: 9 },
  });
  const body = poolsBody(
    view([former, member('new', { role: 'primary', pool: { total: 5, idle: 2, waiting: 1, max: 8 } })]),
  );
  expect(body).toEqual({
    timestamp: '2025-12-13T13:00:00.000Z',
    primary: { total_connections: 5, active_connections: 3, idle_connections: 2, waiting: 1, max_connections: 8 },
    replicas: {},
  });
});

test('lag that is not known is null', () => {
  expect(lagBody(view([member('blue', { lag: undefined })])).replicas).toEqual([
    { name: 'blue', lagSeconds: null, lagBytes: null, status: 'healthy' },
  ]);
});
