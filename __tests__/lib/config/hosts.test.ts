import type { FleetContract } from '../../../lib';
import { readEnvironment } from '../../../lib/config/environment';
import type { InvalidConfigError } from '../../../lib/errors';

type Variables = Record<string, string>;

const HOSTS = { DB_PRIMARY_HOST: 'db', DB_NAME: 'shop', DB_USERNAME: 'app', DB_PASSWORD: 's3cret/@:' };

function contractOf(variables: Variables): FleetContract {
  const { from } = readEnvironment({ ...HOSTS, ...variables });
  if (!('version' in from)) throw new Error('It is a place.');
  return from;
}

/** Path, what stood there, and message of each problem. */
function problemsOf(variables: Variables): unknown[] {
  try {
    readEnvironment(variables);
  } catch (error) {
    return (error as InvalidConfigError).problems.map(({ path, got, message }) => [path, got, message]);
  }
  return [];
}

test('a primary and replicas may be named by host and port, with one login', () => {
  const replicas = { DB_REPLICA_10_HOST: '::1', DB_REPLICA_2_HOST: 'blue.example', DB_REPLICA_2_PORT: '6000' };
  expect(contractOf({ DB_PRIMARY_PORT: '5433', ...replicas })).toMatchObject({
    fleet: 'shop',
    database: 'shop',
    auth: { kind: 'password', user: 'app', password: 's3cret/@:' },
    tls: 'disable',
    writer: { name: 'primary', host: 'db', port: 5_433 },
    readers: [
      { name: 'replica-2', host: 'blue.example', port: 6_000 },
      { name: 'replica-10', host: '::1', port: 5_432 },
    ],
  });
});

test('hosts of RDS are verified, and without a password logged in to with IAM', () => {
  const { DB_PASSWORD: _, ...hosts } = HOSTS;
  const DB_PRIMARY_HOST = 'orders.c1abc.eu-central-1.rds.amazonaws.com';
  const { from } = readEnvironment({ ...hosts, DB_PRIMARY_HOST });
  expect(from).toMatchObject({ tls: 'verify-full', auth: { kind: 'iam', user: 'app' } });
});

test('a socket’s folder is a host, and PGUSER and PGPASSWORD stand in', () => {
  const env = { DB_PRIMARY_HOST: '/var/run/postgresql', DB_NAME: 'shop', PGUSER: 'me', PGPASSWORD: 'mine' };
  expect(readEnvironment(env).from).toMatchObject({
    writer: { host: '/var/run/postgresql' },
    auth: { user: 'me', password: 'mine' },
  });
});

test('replicas may be beside a primary of DATABASE_URL, whose login they have', () => {
  const { from } = readEnvironment({
    DATABASE_URL: 'postgresql://me:mine@primary/stock',
    DB_REPLICA_1_HOST: 'blue',
    ...{ DB_NAME: 'x', DB_USERNAME: 'y', DB_PASSWORD: 'z' },
  });
  expect(from).toMatchObject({
    database: 'stock',
    auth: { user: 'me', password: 'mine' },
    readers: [{ name: 'replica-1', host: 'blue' }],
  });
});

test('the primary may be named twice, and must be the same server', () => {
  const DATABASE_URL = 'postgresql://me:mine@DB:5432/stock';
  expect(problemsOf({ ...HOSTS, DATABASE_URL })).toEqual([]);
  expect(problemsOf({ ...HOSTS, DATABASE_URL, DB_PRIMARY_PORT: '5432' })).toEqual([]);
  const problem = ['DB_PRIMARY_HOST', 'db', 'DATABASE_URL names the primary too, and another server.'];
  expect(problemsOf({ ...HOSTS, DATABASE_URL, DB_PRIMARY_PORT: '5433' })).toEqual([problem]);
  expect(problemsOf({ ...HOSTS, DATABASE_URL: DATABASE_URL.replace('DB', 'other') })).toEqual([problem]);
});

test('one number is one replica', () => {
  const READ_REPLICA_1_CONNECTION_STRING = 'postgresql://green/shop';
  expect(problemsOf({ ...HOSTS, DB_REPLICA_1_HOST: 'blue', READ_REPLICA_1_CONNECTION_STRING })).toEqual([
    ['DB_REPLICA_1_HOST', 'postgresql://blue:5432/', 'Another member is named replica-1 already.'],
  ]);
});

test('what is missing, or is no host and no port, is told by its name', () => {
  const noHost = 'Must be the name or the address of one server, without a port.';
  const noPort = 'Must be a whole number, 1 to 65535.';
  expect(
    problemsOf({
      ...{ DB_PRIMARY_HOST: 'db:5432', DB_PRIMARY_PORT: '0' },
      ...{ DB_REPLICA_1_HOST: 'postgresql://app:s3cret@blue/shop', DB_REPLICA_2_HOST: 'green', DB_REPLICA_2_PORT: 'x' },
    }),
  ).toEqual([
    ['DB_NAME', undefined, 'It is missing, and DB_PRIMARY_HOST is set.'],
    ['DB_USERNAME', undefined, 'It is missing, and DB_PRIMARY_HOST is set.'],
    ['DB_PRIMARY_HOST', 'db:5432', noHost],
    ['DB_PRIMARY_PORT', '0', noPort],
    ['DB_REPLICA_1_HOST', 'postgresql://app:***@blue:5432/shop', noHost],
    ['DB_REPLICA_2_PORT', 'x', noPort],
  ]);
});

test('a mistyped name is told, and names that anything has are nobody’s without DB_PRIMARY_HOST', () => {
  const notes = (variables: Variables) => readEnvironment(variables).notes;
  expect(notes({ ...HOSTS, DB_REPLICA_HOST: 'blue' })).toEqual([
    'DB_REPLICA_HOST is not read. Was DB_REPLICA_n_HOST meant?',
  ]);
  const { DB_PASSWORD: _, ...hosts } = HOSTS;
  expect(notes({ ...hosts, DB_PASSWORT: 'x' })).toEqual(['DB_PASSWORT is not read. Was DB_PASSWORD meant?']);
  expect(notes({ DATABASE_URL: 'postgresql://app:x@db/shop', MY_PASSWORD: 'x', ME_USERNAME: 'y' })).toEqual([]);
});
