import { reach } from '../../../../cli/doctor/checks/reach';
import { DEPLOYED } from '../../folder';
import { but, butBasics, healthy, items, settings, silent, told, withContract } from '../facts';

test('who answers is told, and how long connecting takes', () => {
  expect(told(reach, but(healthy(), { green: { connectMs: 87.4 } }), 'reach.answers')).toEqual([
    'ok: primary, blue, green; connecting takes up to 87 ms',
  ]);
});

test.each([
  ['connect ECONNREFUSED 10.0.0.1:5432', 'is its server running'],
  ['getaddrinfo ENOTFOUND db.internal', 'Its name is unknown here'],
  ['timeout expired', 'security group'],
  ['connect ETIMEDOUT 10.0.0.1:5432', 'security group'],
  ['password authentication failed for user "app"', 'Wrong password or role'],
  ['PAM authentication failed for user "app"', 'Wrong password or role'],
  ['no pg_hba.conf entry for host "10.0.0.2"', 'pg_hba.conf'],
  ['role "app" does not exist', 'readfleet sql'],
  ['database "orders" does not exist', 'another database'],
  ['permission denied for database "orders"', 'CONNECT'],
  ['sorry, too many clients already', 'It is full'],
  ['the database system is starting up', 'ask again in a minute'],
  ['self-signed certificate in certificate chain', '--ca'],
  ["Hostname/IP does not match certificate's altnames", '--ca'],
  ['The server does not support SSL connections', 'turn it on'],
  ['something that nobody has seen', 'log of its server'],
])('%s: what to do', (why, fix) => {
  const [, item] = items(reach, silent(healthy(), ['blue'], why), 'reach.answers');

  expect(item).toMatchObject({ verdict: 'not ok', member: 'blue', found: `127.0.0.1:5433 does not: ${why}` });
  expect(item?.fix).toContain(fix);
});

test('without TLS on one machine nothing leaves it', () => {
  expect(told(reach, healthy(), 'reach.tls')).toEqual(['ok: not encrypted; nothing leaves this machine']);
});

test('without TLS to another machine', () => {
  const writer = { name: 'primary', host: '10.0.0.1', port: 5432 };

  expect(told(reach, healthy({ contract: withContract({ writer }) }), 'reach.tls')).toEqual([
    'not ok: connections to primary are not encrypted, and leave this machine',
  ]);
});

describe('with TLS', () => {
  const encrypted = ['primary', 'blue', 'green'].reduce(
    (facts, name) => butBasics(facts, name, { tls: 'TLSv1.3' }),
    healthy({ contract: DEPLOYED }),
  );

  test('the version is told', () => {
    expect(told(reach, encrypted, 'reach.tls')).toEqual(['ok: encrypted (TLSv1.3), certificates verified']);
  });

  test('a server of RDS that takes others without', () => {
    const forced = (value: string) => settings({ 'rds.force_ssl': value });
    const judge = (value: string) =>
      told(reach, but(encrypted, { blue: { settings: forced(value) }, green: { settings: forced('1') } }), 'reach.tls');

    expect(judge('0')).toEqual(['warning: encrypted; but blue would take clients without TLS too']);
    expect(judge('on')).toEqual(['ok: encrypted (TLSv1.3), certificates verified']);
  });
});
