import { changesBetween } from '../../../cli/contract/changes';
import type { FleetContract } from '../../../lib';
import { CONTRACT, DEPLOYED } from '../folder';

const [blue, green] = CONTRACT.readers as [FleetContract['writer'], FleetContract['writer']];
const told = (from: FleetContract, to: FleetContract) =>
  changesBetween(from, to).map(({ sign, what, from: was, to: is }) => [sign, what, was, is]);

test('nothing between a contract and itself', () => {
  expect(changesBetween(DEPLOYED, DEPLOYED)).toEqual([]);
});

test('a replica that is new', () => {
  const red = { name: 'red', host: '10.0.0.9', port: 5432, zone: 'a', weight: 0.25 };

  expect(told(CONTRACT, { ...CONTRACT, readers: [blue, green, red] })).toEqual([
    ['+', 'replica red', undefined, '10.0.0.9:5432 (a, weight 0.25)'],
  ]);
});

test('a replica that is elsewhere, and one with another share', () => {
  const readers = [
    { ...blue, port: 6000 },
    { ...green, weight: 2 },
  ];

  expect(told(CONTRACT, { ...CONTRACT, readers })).toEqual([
    ['~', 'replica blue', '127.0.0.1:5433', '127.0.0.1:6000'],
    ['~', 'replica green', '127.0.0.1:5434', '127.0.0.1:5434 (weight 2)'],
  ]);
});

test('a failover: a replica is the primary now, and the primary a replica', () => {
  const changes = changesBetween(CONTRACT, { ...CONTRACT, writer: blue, readers: [green, CONTRACT.writer] });

  expect(changes.map(({ sign, what }) => `${sign} ${what}`)).toEqual(['~ primary', '+ replica primary']);
  expect(changes[0]?.means).toContain('A replica is the primary now');
});

test('a primary that moved', () => {
  const changes = changesBetween(CONTRACT, { ...CONTRACT, writer: { ...CONTRACT.writer, host: 'db.example' } });

  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({
    what: 'primary',
    to: 'db.example:5432',
    means: expect.stringContaining('elsewhere'),
  });
});

test.each<[string, Partial<FleetContract>, string]>([
  ['database', { database: 'other' }, 'database'],
  ['tls', { tls: 'verify-full' }, 'tls'],
  ['topology', { topology: 'aurora' }, 'topology'],
])('%s cannot be taken by who is connected', (_, change, what) => {
  const changes = changesBetween(CONTRACT, { ...CONTRACT, ...change });

  expect(changes).toMatchObject([{ what, means: expect.stringContaining('READFLEET_CONTRACT_CHANGED') }]);
});

test('another password is told, and not shown', () => {
  const changed = { ...CONTRACT, auth: { kind: 'password', user: 'app', password: 'new' } } as const;

  const changes = changesBetween(CONTRACT, changed);

  expect(changes).toMatchObject([{ what: 'auth.password', from: '(hidden)', to: '(hidden)' }]);
  expect(JSON.stringify(changes)).not.toContain('sesame');
});

test.each<[string, Partial<FleetContract>]>([
  ['region', { region: 'us-east-1' }],
  ['engine.major', { engine: { major: 19 } }],
  ['lag', { lag: { warningSeconds: 2, criticalSeconds: 9 } }],
  ['proxy', { proxy: { writer: { host: 'proxy', port: 5432 }, user: 'app_proxy' } }],
  ['readName', { readName: { host: 'read', port: 5432 } }],
  ['primary, beside its address', { writer: { ...DEPLOYED.writer, zone: 'eu-central-1b' } }],
])('%s is told, though no connection depends on it', (what, change) => {
  expect(changesBetween(DEPLOYED, { ...DEPLOYED, ...change })).toMatchObject([{ sign: '~', what }]);
});
