import { contract } from '../../../../cli/doctor/checks/contract';
import { CONTRACT, DEPLOYED } from '../../folder';
import { healthy, told, withContract } from '../facts';

const judge = (change: Parameters<typeof withContract>[0]) =>
  told(contract, healthy({ contract: withContract(change) }));
const [blue, green] = CONTRACT.readers;

test('members at one address', () => {
  const readers = [{ name: 'blue', host: '127.0.0.1', port: 5432 }];

  expect(judge({ readers })).toContain('not ok: primary and blue are at one address: 127.0.0.1:5432');
});

test('no replica is a warning, one is told', () => {
  expect(judge({ readers: [] })).toContain('warning: there is no replica: every read goes to the primary');
  expect(judge({ readers: blue ? [blue] : [] })).toContain(
    'ok: 1 of them: when it goes, every read goes to the primary',
  );
});

test('all replicas in one zone', () => {
  const inZones = (one: string, other: string) => [
    { ...blue, zone: one },
    { ...green, zone: other },
  ];

  expect(judge({ readers: inZones('a', 'a') as never })).toContain('warning: all 2 replicas are in zone a');
  expect(judge({ readers: inZones('a', 'b') as never })).toContain('ok: 2 of them');
});

test('a password in the contract of a deployed fleet', () => {
  expect(told(contract, healthy({ contract: DEPLOYED }), 'contract.password')).toEqual([]);
  expect(told(contract, healthy({ contract: CONTRACT }), 'contract.password')).toEqual([]);
  expect(judge({ region: 'eu-central-1' })).toContainEqual(expect.stringMatching(/^warning: .* holds a password/));
});
