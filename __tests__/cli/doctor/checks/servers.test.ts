import { servers } from '../../../../cli/doctor/checks/servers';
import { but, butBasics, found, healthy, hidden, silent, told, withContract } from '../facts';

test('another major version is not ok', () => {
  expect(
    told(servers, butBasics(healthy(), 'blue', { versionNum: 170_002, version: '17.2' }), 'servers.version'),
  ).toEqual(['not ok: major versions differ: 18 on primary, green; 17 on blue']);
});

test('another minor version is a warning', () => {
  expect(
    told(servers, butBasics(healthy(), 'blue', { versionNum: 180_003, version: '18.3' }), 'servers.version'),
  ).toEqual(['warning: minor versions differ: 18.4 on primary, green; 18.3 on blue']);
});

test('a contract that says another major version', () => {
  expect(told(servers, healthy({ contract: withContract({ engine: { major: 17 } }) }), 'servers.version')).toEqual([
    'warning: the contract says PostgreSQL 17, the servers are 18',
  ]);
});

test('two members that are one server', () => {
  const one = butBasics(healthy(), 'blue', { startedAt: 'green started' });

  expect(told(servers, one, 'servers.distinct')).toEqual(['not ok: blue and green are one and the same server']);
});

test('in a cluster, the writer has a name of its own as well', () => {
  const contract = withContract({ topology: 'multi-az-cluster' });
  const facts = butBasics(healthy({ contract }), 'blue', { startedAt: 'primary started', recovering: false });

  expect(told(servers, facts, 'servers.distinct')).toEqual([]);
  expect(told(servers, facts, 'servers.replicas')).toEqual(['ok: standbys: green; blue writes at present']);
});

test('but in a cluster too, a timeline of its own is a promotion', () => {
  const contract = withContract({ topology: 'multi-az-cluster' });
  const facts = but(butBasics(healthy({ contract }), 'blue', { recovering: false }), { blue: { timeline: found(2) } });

  expect(told(servers, facts, 'servers.replicas')).toEqual([expect.stringMatching(/^not ok blue: it was promoted/)]);
});

test('a member of another fleet', () => {
  expect(told(servers, but(healthy(), { blue: { systemIdentifier: found('9') } }), 'servers.origin')).toEqual([
    'not ok: not copies of one database cluster: 7000000000000000001 on primary, green; 9 on blue',
  ]);
});

test('identifiers that nobody may see', () => {
  const nobody = { systemIdentifier: hidden('permission denied for function pg_control_system') };

  expect(told(servers, but(healthy(), { primary: nobody, blue: nobody, green: nobody }), 'servers.origin')).toEqual([
    'unknown: the system identifier is hidden: permission denied for function pg_control_system',
  ]);
});

test('a primary that is a standby', () => {
  expect(told(servers, butBasics(healthy(), 'primary', { recovering: true }), 'servers.primary')).toEqual([
    'not ok primary: it is a standby: it takes no writes',
  ]);
  expect(told(servers, silent(healthy(), ['primary']), 'servers.primary')).toEqual(['unknown: it does not answer']);
});

test('a replica that was promoted', () => {
  const promoted = but(butBasics(healthy(), 'blue', { recovering: false }), { blue: { timeline: found(2) } });

  expect(told(servers, promoted, 'servers.replicas')).toEqual([
    "not ok blue: it was promoted: a primary of its own, whose data are no longer the fleet's",
  ]);
});

test('one on the timeline of the primary is no replica either, outside of clusters', () => {
  expect(told(servers, butBasics(healthy(), 'blue', { recovering: false }), 'servers.replicas')).toEqual([
    expect.stringMatching(/^not ok blue: it was promoted/),
  ]);
});

test('Aurora shares its storage: nothing of identifiers, and a reader may write', () => {
  const facts = butBasics(healthy({ contract: withContract({ topology: 'aurora' }) }), 'blue', { recovering: false });

  expect(told(servers, facts, 'servers.origin')).toEqual([]);
  expect(told(servers, facts, 'servers.replicas')).toEqual(['ok: standbys: green; blue writes at present']);
});
