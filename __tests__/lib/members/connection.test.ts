import { X509Certificate } from 'node:crypto';
import { resolveOptions } from '../../../lib/check-options';
import type { ContractAuth, FleetContract } from '../../../lib/contract';
import { addressesOf, clientConfig, credentialsOf, poolConfig } from '../../../lib/members/connection';

const MEMBER = { name: 'primary', host: 'localhost', port: 5432 };
const IAM: ContractAuth = { kind: 'iam', user: 'app' };
const SECRET: ContractAuth = { kind: 'secret', secretArn: 'arn:aws:secretsmanager:eu-central-1:1:secret:x' };

function contract(auth: ContractAuth, tls: FleetContract['tls'] = 'disable'): FleetContract {
  return {
    version: 1,
    fleet: 'orders',
    environment: 'dev',
    topology: 'instances',
    engine: { major: 17 },
    database: 'shop',
    auth,
    tls,
    writer: MEMBER,
    readers: [],
    lag: { warningSeconds: 1, criticalSeconds: 5 },
  };
}

test('a contract with a password needs nothing more', () => {
  const credentials = credentialsOf(contract({ kind: 'password', user: 'app', password: 'x' }), resolveOptions({}));
  expect(credentials).toMatchObject({ user: 'app', password: 'x', database: 'shop', application_name: 'readfleet' });
});

test('the caller’s user and password win over the contract’s', () => {
  const settings = resolveOptions({ user: 'me', password: 'mine' });
  expect(credentialsOf(contract({ kind: 'password', user: 'app', password: 'x' }), settings)).toMatchObject({
    user: 'me',
    password: 'mine',
  });
});

test('IAM needs a password, and the error says where to get one', () => {
  expect(() => credentialsOf(contract(IAM), resolveOptions({}))).toThrow(
    /^fleet orders\/dev: connect\(\) needs password: .*"iam".*rds-signer/,
  );
});

test('a secret needs user and password', () => {
  expect(() => credentialsOf(contract(SECRET), resolveOptions({}))).toThrow(/needs user and password: .*"secret"/);
  expect(credentialsOf(contract(SECRET), resolveOptions({ user: 'me', password: 'x' }))).toMatchObject({ user: 'me' });
});

test('the role of a proxy has a password of its own: the contract’s is not it', () => {
  const local = contract({ kind: 'password', user: 'app', password: 'x' });
  expect(() => credentialsOf(local, resolveOptions({}), 'app_proxy')).toThrow(/needs password: /);
  expect(credentialsOf(local, resolveOptions({ password: 'y' }), 'app_proxy')).toMatchObject({
    user: 'app_proxy',
    password: 'y',
  });
  expect(credentialsOf(local, resolveOptions({ user: 'me', password: 'y' }), 'app_proxy').user).toBe('me');
});

describe('a password that is made', () => {
  const OTHER = { ...MEMBER, name: 'blue', host: 'blue.example' };

  test('is made for the member, each time', async () => {
    const password = jest.fn(async ({ name }: { name: string }) => `of ${name}`);
    const credentials = { ...credentialsOf(contract(IAM), resolveOptions({ password: 'x' })), password };
    const made = [MEMBER, OTHER].map((member) => clientConfig(member, credentials, 2_000).password);
    expect(password).not.toHaveBeenCalled();
    // As `pg` calls it: with its own parameters, which are not the member.
    const passwords = made.map((make) => (make as (own: unknown) => Promise<string>)({ name: 'of pg' }));
    expect(await Promise.all(passwords)).toEqual(['of primary', 'of blue']);
    expect(password).toHaveBeenCalledWith(OTHER);
  });

  test('may be the same for all, and a text is passed on as it is', () => {
    const settings = resolveOptions({ password: () => 'same' });
    const { password } = clientConfig(OTHER, credentialsOf(contract(IAM), settings), 2_000);
    expect((password as () => string)()).toBe('same');
    const text = credentialsOf(contract(IAM), resolveOptions({ password: 'text' }));
    expect(clientConfig(OTHER, text, 2_000).password).toBe('text');
  });
});

describe('who is connected to', () => {
  const fleet = { ...contract(IAM), readers: [{ name: 'blue', host: 'blue.example', port: 5432 }] };
  const writer = { host: 'orders.proxy-abc.eu-central-1.rds.amazonaws.com', port: 5432 };
  const reader = { host: 'orders-read.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com', port: 5433 };

  test.each([
    ['instances', 'streaming'],
    ['multi-az-cluster', 'streaming'],
    ['aurora', 'aurora'],
  ] as const)('of %s: the members, which are asked by the source %s', (topology, source) => {
    const addresses = addressesOf({ ...fleet, topology, proxy: { writer } });
    expect(addresses).toMatchObject({ writer: MEMBER, readers: fleet.readers, source: { name: source } });
    expect(addresses).not.toHaveProperty('user');
    expect(addressesOf({ ...fleet, topology }, 'members')).toEqual(addresses);
  });

  test('via the proxy: its two endpoints, as its own role, and nothing is known of lag', () => {
    expect(addressesOf({ ...fleet, proxy: { writer, reader, user: 'app_proxy' } }, 'proxy')).toMatchObject({
      writer: { name: 'proxy', ...writer },
      readers: [{ name: 'proxy-read', ...reader }],
      source: { name: 'none' },
      user: 'app_proxy',
    });
  });

  test('via a proxy without a reading endpoint: nobody reads but the writer', () => {
    expect(addressesOf({ ...fleet, proxy: { writer } }, 'proxy').readers).toEqual([]);
  });

  test.each([undefined, {}, { reader }])('via the proxy %j, which is none for the writer: refused', (proxy) => {
    expect(() => addressesOf({ ...fleet, proxy }, 'proxy')).toThrow(
      expect.objectContaining({
        code: 'READFLEET_NO_PROXY',
        message: expect.stringMatching(/^fleet orders\/dev: .* names no proxy for the writer\. .* leave out `via`\.$/),
      }),
    );
  });
});

test('a local fleet is spoken to in the clear; all others with the certificate checked', () => {
  const settings = resolveOptions({ password: 'x' });
  expect(clientConfig(MEMBER, credentialsOf(contract(IAM), settings), 2_000).ssl).toBe(false);
  expect(clientConfig(MEMBER, credentialsOf(contract(IAM, 'verify-full'), settings), 2_000).ssl).toEqual({
    rejectUnauthorized: true,
    ca: undefined,
  });
});

test.each([
  ['verify-full', { rejectUnauthorized: true, ca: undefined }],
  ['no-verify', { rejectUnauthorized: false, ca: undefined }],
  ['disable', false],
] as const)('how connections are secured may be said: %s', (tls, ssl) => {
  for (const says of ['verify-full', 'disable'] as const) {
    const credentials = credentialsOf(contract(IAM, says), resolveOptions({ password: 'x', tls }));
    expect(clientConfig(MEMBER, credentials, 2_000).ssl).toEqual(ssl);
  }
});

test('poolers take no options either', () => {
  const { pools } = resolveOptions({});
  expect(poolConfig({}, 'replica', pools, () => 0, 'members', true)).not.toHaveProperty('options');
});

test('hosts of RDS are checked against Amazon’s authorities, unless the caller names others', () => {
  const host = { ...MEMBER, host: 'orders.abc.eu-central-1.rds.amazonaws.com' };
  const own = clientConfig(
    host,
    credentialsOf(contract(IAM, 'verify-full'), resolveOptions({ password: 'x', ca: 'PEM' })),
    2_000,
  );
  expect(own.ssl).toMatchObject({ ca: 'PEM' });
  const amazon = clientConfig(
    host,
    credentialsOf(contract(IAM, 'verify-full'), resolveOptions({ password: 'x' })),
    2_000,
  );
  expect((amazon.ssl as { ca: string[] }).ca[0]).toContain('BEGIN CERTIFICATE');
});

test('among them are the public ones, which have signed the certificates of proxies', () => {
  const host = 'orders.proxy-abc.eu-central-1.rds.amazonaws.com';
  const credentials = credentialsOf(contract(IAM, 'verify-full'), resolveOptions({ password: 'x' }));
  const { ca } = clientConfig({ ...MEMBER, host }, credentials, 2_000).ssl as { ca: string[] };
  const subjects = ca.map((pem) => new X509Certificate(pem).subject);
  expect(subjects).toContainEqual(expect.stringContaining('Amazon Root CA 1'));
  expect(subjects).toContainEqual(expect.stringContaining('Amazon RDS'));
});

test('through a proxy no session is given options, which it refuses', () => {
  const { pools } = resolveOptions({});
  expect(poolConfig({}, 'replica', pools, () => 0, 'proxy')).not.toHaveProperty('options');
});

test('sessions on replicas are read-only of their own accord', () => {
  const { pools } = resolveOptions({});
  expect(poolConfig({}, 'replica', pools, () => 0).options).toBe('-c default_transaction_read_only=on');
  expect(poolConfig({}, 'primary', pools, () => 0)).not.toHaveProperty('options');
});

test('pools differ by role, and their connections’ lifetimes by chance', () => {
  const { pools } = resolveOptions({});
  expect(poolConfig({}, 'primary', pools, () => 0)).toMatchObject({
    max: 50,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_620,
  });
  expect(poolConfig({}, 'replica', pools, () => 0.5)).toMatchObject({ max: 30, maxLifetimeSeconds: 1_800 });
});
