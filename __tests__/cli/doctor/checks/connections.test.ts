import { connections } from '../../../../cli/doctor/checks/connections';
import { but, found, healthy, hidden, items, settings, told } from '../facts';

const plan = (processes: number, primaryMax = 50, replicaMax = 30) =>
  told(connections, healthy({ pools: { processes, primaryMax, replicaMax } }), 'connections.pools');

test('pools and the probe of each process are summed', () => {
  expect(plan(3, 40, 20)).toEqual([
    'ok: primary 3 processes × 41 = 123 of 197; blue 3 processes × 21 = 63 of 197; green 3 processes × 21 = 63 of 197',
  ]);
});

test('more than a member takes', () => {
  expect(plan(4)).toEqual(['not ok primary: 4 processes × 51 = 204 of 197: when all are busy, connecting fails']);
});

test('nearly as many as a member takes', () => {
  expect(plan(4, 40)).toEqual(['warning primary: 4 processes × 41 = 164 of 197: little is left for others']);
});

test('what would fit is told', () => {
  const facts = healthy({ pools: { processes: 8, primaryMax: 50, replicaMax: 30 } });
  const fixes = items(connections, facts, 'connections.pools').map(({ fix }) => fix);

  // 8 × (23 + 1) = 192 of 197; one more would not fit.
  expect(fixes[0]).toContain('Set pools.primaryMax to 23 or less');
  expect(fixes[1]).toContain('Set pools.replicaMax to 23 or less');
});

test.each([
  ['reserved connections', { settings: settings({ reserved_connections: 150 }) }],
  ["the database's limit", { connections: found({ used: 1, databaseLimit: 47 }) }],
  ["the role's limit", { roles: found([{ name: 'app', canLogin: true, isSuperuser: false, connectionLimit: 47 }]) }],
])('%s leaves less room', (_, server) => {
  expect(told(connections, but(healthy(), { primary: server }), 'connections.pools')).toEqual([
    'not ok primary: 1 process × 51 = 51 of 47: when all are busy, connecting fails',
  ]);
});

test.each([
  [100, 'ok: primary 100 of 197 in use; blue 12 of 197 in use; green 12 of 197 in use'],
  [160, 'warning primary: 160 of 197 in use'],
  [190, 'not ok primary: 190 of 197 in use'],
])('%d connections now', (used, text) => {
  const facts = but(healthy(), { primary: { connections: found({ used, databaseLimit: -1 }) } });

  expect(told(connections, facts, 'connections.now')).toEqual([text]);
});

test('what cannot be seen is unknown', () => {
  expect(told(connections, but(healthy(), { blue: { settings: hidden(), connections: hidden('denied') } }))).toEqual([
    'unknown blue: max_connections is hidden',
    'unknown blue: denied',
  ]);
});
