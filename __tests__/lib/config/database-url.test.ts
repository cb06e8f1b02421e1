import fc from 'fast-check';
import { Client } from 'pg';
import { maskUrl, parseDatabaseUrl } from '../../../lib/config/database-url';

function read(text: string) {
  const { url, faults } = parseDatabaseUrl(text);
  if (!url) throw new Error(faults.map(({ message }) => message).join(' '));
  return url;
}

const faultsOf = (text: string) => (parseDatabaseUrl(text).faults ?? []).map(({ message }) => message);

test('a URL says host, port, user, password and database', () => {
  expect(read('postgresql://app:secret@db.example:5433/shop')).toEqual({
    host: 'db.example',
    port: 5_433,
    user: 'app',
    password: 'secret',
    database: 'shop',
  });
});

test('postgres:// is the same, in any case, with spaces around', () => {
  expect(read('  POSTGRES://app@db/shop\n')).toEqual({ host: 'db', port: 5_432, user: 'app', database: 'shop' });
});

test('what it does not say is left out', () => {
  expect(read('postgresql://')).toEqual({ host: 'localhost', port: 5_432 });
});

test.each([
  ['postgresql://app@[2001:db8::1]:6000/shop', { host: '2001:db8::1', port: 6_000 }],
  ['postgresql://app@[::1]/shop', { host: '::1', port: 5_432 }],
  ['postgresql://app@%2Fvar%2Frun%2Fpostgresql/shop', { host: '/var/run/postgresql', port: 5_432 }],
  ['postgresql://app@/shop?host=/var/run/postgresql', { host: '/var/run/postgresql', port: 5_432 }],
  ['postgresql:///shop?host=db&port=6000&user=app&password=x', { host: 'db', port: 6_000, user: 'app', password: 'x' }],
  ['postgresql:///?dbname=shop', { host: 'localhost', database: 'shop' }],
])('%s', (text, expected) => {
  expect(read(text)).toMatchObject(expected);
});

test('% that begins no code is itself, as in pg', () => {
  expect(read('postgresql://app:100%@db/shop').password).toBe('100%');
});

test.each([
  ['require', 'verify-full'],
  ['verify-ca', 'verify-full'],
  ['verify-full', 'verify-full'],
  ['no-verify', 'no-verify'],
  ['disable', 'disable'],
])('sslmode=%s is %s', (mode, tls) => {
  expect(read(`postgresql://app@db/shop?sslmode=${mode}`).tls).toBe(tls);
});

test.each([
  ['true', 'verify-full'],
  ['1', 'verify-full'],
  ['false', 'disable'],
  ['0', 'disable'],
  ['no-verify', 'no-verify'],
])('ssl=%s is %s', (value, tls) => {
  expect(read(`postgresql://app@db/shop?ssl=${value}`).tls).toBe(tls);
});

test.each([
  ['sslrootcert=/etc/ca.pem', { authorities: '/etc/ca.pem' }],
  ['pgbouncer=true', { pooler: true }],
  ['application_name=shop', { applicationName: 'shop' }],
  ['connect_timeout=10', { connectTimeoutMs: 10_000 }],
])('%s', (query, expected) => {
  expect(read(`postgresql://db/shop?${query}`)).toEqual({ host: 'db', port: 5_432, database: 'shop', ...expected });
});

test.each([
  'sslrootcert=system',
  'pgbouncer=false',
  'schema=public&connection_limit=5&pool_timeout=2&socket_timeout=1&statement_cache_size=0',
  'channel_binding=require&target_session_attrs=any&load_balance_hosts=random',
])('%s says nothing here', (query) => {
  expect(read(`postgresql://db/shop?${query}`)).toEqual({ host: 'db', port: 5_432, database: 'shop' });
});

test.each([
  ['mysql://app@db/shop', 'Must be a URL of PostgreSQL.'],
  ['db.example:5432/shop', 'Must be a URL of PostgreSQL.'],
  ['postgresql://app:pa#ss@db/shop', 'There is a # in it, which ends a URL.'],
  ['postgresql://app:pa/ss@db/shop', /an @ after the host/],
  ['postgresql://app:pa?ss@db/shop', /an @ after the host/],
  ['postgresql://one,two/shop', 'It names more than one host.'],
  ['postgresql://::1/shop', 'The host has more than one colon.'],
  ['postgresql://[::g]/shop', 'What stands in brackets is no IPv6 address.'],
  ['postgresql://db:0/shop', 'The port must be a whole number, 1 to 65535.'],
  ['postgresql://db:65536/shop', 'The port must be a whole number, 1 to 65535.'],
  ['postgresql://db:x/shop', 'The port must be a whole number, 1 to 65535.'],
  ['postgresql://db/shop/more', 'There is more than a database after the host.'],
  ['postgresql://d b/shop', 'The host has a space in it.'],
  ['postgresql://app:%FF@db/shop', 'The password has % codes that are no UTF-8.'],
  ['postgresql://db/shop?sslmode=prefer', /^sslmode=prefer may send the password in the clear/],
  ['postgresql://db/shop?sslmode=allow', /^sslmode=allow may send the password in the clear/],
  ['postgresql://db/shop?sslmode=on', 'sslmode=on is not known.'],
  ['postgresql://db/shop?ssl=on', 'ssl=on is not known.'],
  ['postgresql://db/shop?connect_timeout=0', 'connect_timeout=0 is no time.'],
  ['postgresql://db/shop?options=-c%20search_path=x', /^options: /],
  ['postgresql://db/shop?statement_timeout=1', /^statement_timeout: /],
  ['postgresql://db/shop?sslcert=x', /^sslcert: /],
  ['postgresql://db/shop?sslkey=x', /^sslkey: /],
  ['postgresql://db/shop?uselibpqcompat=true', /^uselibpqcompat: /],
])('%s is refused', (text, message) => {
  expect(faultsOf(text)).toEqual([message instanceof RegExp ? expect.stringMatching(message) : message]);
});

test('a mistyped parameter is refused with what was probably meant', () => {
  expect(parseDatabaseUrl('postgresql://db/shop?ssl_mode=require').faults).toEqual([
    { message: '"ssl_mode" is no parameter that readfleet knows.', fix: 'Was sslmode meant?' },
  ]);
  expect(parseDatabaseUrl('postgresql://db/shop?colour=red').faults).toEqual([
    { message: '"colour" is no parameter that readfleet knows.', fix: 'Leave it out.' },
  ]);
});

test('everything that is wrong is told at once', () => {
  expect(faultsOf('postgresql://a,b:x/shop/more?sslmode=on&colour=red')).toHaveLength(4);
});

const letters = fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }).filter((text) => !text.includes('\0'));
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constant('localhost'));
const port = fc.integer({ min: 1, max: 65_535 });
const parts = fc.record({ user: letters, password: letters, host, port, database: letters });

test('what follows an & of a password is not told', () => {
  const { faults } = parseDatabaseUrl('postgresql://app@db/shop?sslmod=on&password=a&S3CRET&b=S3CRET');
  expect(faults?.map(({ message }) => message)).toEqual([
    '"sslmod" is no parameter that readfleet knows.',
    'What stands behind the password is no parameter that readfleet knows.',
    'What stands behind the password is no parameter that readfleet knows.',
  ]);
  expect(JSON.stringify(faults)).not.toContain('S3CRET');
});

test.each(['0', '-1', 'soon', 'Infinity', '1e999'])('connect_timeout=%s is no time', (text) => {
  expect(parseDatabaseUrl(`postgresql://app@db/shop?connect_timeout=${text}`).faults).toEqual([
    { message: `connect_timeout=${text} is no time.`, fix: 'Must be a number of seconds, more than 0.' },
  ]);
});

test('what is written with % codes is read as it was, whatever it is', () => {
  fc.assert(
    fc.property(parts, ({ user, password, host, port, database }) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      expect(read(`postgresql://${u}:${p}@${host}:${port}/${d}`)).toEqual({ user, password, host, port, database });
    }),
  );
});

test('every IPv6 address is read as it was', () => {
  fc.assert(
    fc.property(fc.ipV6(), port, (address, port) => {
      expect(read(`postgresql://app@[${address}]:${port}/shop`)).toMatchObject({ host: address, port });
    }),
  );
});

test('it is read as pg reads it', () => {
  const plain = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019-_.~!$*()+=;:@/?# %äß') });
  fc.assert(
    fc.property(
      plain,
      plain,
      host,
      port,
      fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
      (user, password, host, port, database) => {
        const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
        const client = new Client(url);
        expect(read(url)).toEqual({
          user: client.user,
          password: client.password,
          host: client.host,
          port: client.port,
          database: client.database,
        });
      },
    ),
  );
});

describe('as it is shown', () => {
  test('the password is masked, and what else is secret with it', () => {
    expect(maskUrl('postgresql://app:secret@db:5433/shop?password=other&sslmode=require')).toBe(
      'postgresql://app:***@db:5433/shop',
    );
    expect(maskUrl('postgresql://app@[::1]/shop')).toBe('postgresql://app@[::1]:5432/shop');
    expect(maskUrl('postgres://%2Ftmp/shop')).toBe('postgres://%2Ftmp:5432/shop');
  });

  test('one that cannot be read is not shown: where its password ends is not known', () => {
    expect(maskUrl('postgresql://app:sec#ret@db/shop')).toBe('postgresql://…');
    expect(maskUrl('app:secret@db/shop')).toBe('(hidden: no URL)');
  });

  test('of one that is wrong elsewhere its server is', () => {
    expect(maskUrl('postgresql://app:secret@db:x/shop?sslmode=on')).toBe('postgresql://***@db:x');
  });

  test('no password is in what is shown or told, however it was written', () => {
    const password = fc
      .string({ minLength: 5, maxLength: 20, unit: fc.constantFrom(...'ABCDEF0189#/?@:%&=,[] ') })
      .filter((text) => /[A-Z0-9]{3}/.test(text));
    fc.assert(
      fc.property(password, fc.constantFrom('postgresql://', 'mysql://', ''), (password, scheme) => {
        const text = `${scheme}app:${password}@db.example:5432/shop`;
        const told = JSON.stringify(parseDatabaseUrl(text).faults ?? []) + maskUrl(text);
        for (const piece of password.match(/[A-Z0-9]{3,}/g) ?? []) {
          // Of what our own words say, %2F and the like are no password.
          expect(told.replace(/%[0-9A-F]{2}|5432|65535/g, '')).not.toContain(piece);
        }
      }),
      { numRuns: 500 },
    );
  });
});
