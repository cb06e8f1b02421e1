import type { ContractAuth, FleetContract } from '../../../lib/contract';
import { clientConfig, credentialsOf, poolConfig } from '../../../lib/members/connection';
import { resolveOptions } from '../../../lib/options';

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

test('a local fleet is spoken to in the clear; all others with the certificate checked', () => {
  const settings = resolveOptions({ password: 'x' });
  expect(clientConfig(MEMBER, credentialsOf(contract(IAM), settings), 2_000).ssl).toBe(false);
  expect(clientConfig(MEMBER, credentialsOf(contract(IAM, 'verify-full'), settings), 2_000).ssl).toEqual({
    rejectUnauthorized: true,
    ca: undefined,
  });
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
