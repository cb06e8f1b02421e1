import { type Found, roleStatements, type WantedRole } from '../../lambda/roles';

const NOTHING: Found = { roles: new Map(), groups: new Map() };
const login = { login: true };
const app: WantedRole = { name: 'app', kind: 'app' };

function rds(...names: string[]): Found {
  const all = ['rds_iam', 'pg_monitor', 'readfleet_app', ...names];
  return { roles: new Map(all.map((name) => [name, login])), groups: new Map() };
}

test('names are quoted, whatever is in them', () => {
  const statements = roleStatements([{ name: 'a"; DROP', kind: 'app' }], NOTHING, 'my "db"');

  expect(statements).toContain('CREATE ROLE "a""; DROP" LOGIN');
  expect(statements).toContain('GRANT CONNECT ON DATABASE "my ""db""" TO "a""; DROP"');
});

test('the group is given its rights when it is made, and left alone afterwards', () => {
  const making = [
    'CREATE ROLE "readfleet_app" NOLOGIN',
    'GRANT "pg_read_all_data", "pg_write_all_data" TO "readfleet_app"',
  ];

  expect(roleStatements([app], NOTHING, 'orders').slice(0, 2)).toEqual(making);
  expect(roleStatements([app], rds(), 'orders')).not.toEqual(expect.arrayContaining([making[0]]));
});

test('of a role that is right already nothing changes', () => {
  const found: Found = { ...rds('app'), groups: new Map([['app', new Set(['rds_iam', 'readfleet_app'])]]) };

  expect(roleStatements([app], found, 'orders')).toEqual(['GRANT CONNECT ON DATABASE "orders" TO "app"']);
});

test('a role that may not log in may do so again', () => {
  const found: Found = { ...rds(), roles: new Map([...rds().roles, ['app', { login: false }]]) };

  expect(roleStatements([app], found, 'orders')[0]).toBe('ALTER ROLE "app" LOGIN');
});

test('a role with a password is in no group that wants IAM, and leaves it when it was', () => {
  const proxy: WantedRole = { name: 'app_proxy', kind: 'proxy', verifier: 'SCRAM' };
  const found: Found = { ...rds('app_proxy'), groups: new Map([['app_proxy', new Set(['rds_iam'])]]) };

  expect(roleStatements([proxy], found, 'orders')).toEqual([
    'ALTER ROLE "app_proxy" LOGIN PASSWORD \'SCRAM\'',
    'GRANT CONNECT ON DATABASE "orders" TO "app_proxy"',
    'REVOKE "rds_iam" FROM "app_proxy"',
    'GRANT "readfleet_app" TO "app_proxy"',
  ]);
  expect(roleStatements([proxy], rds(), 'orders').join()).not.toContain('rds_iam');
});

test('the emitter may monitor, and has nothing of the data', () => {
  const statements = roleStatements([{ name: 'emitter', kind: 'emitter' }], rds(), 'orders');

  expect(statements.filter((statement) => statement.startsWith('GRANT "'))).toEqual([
    'GRANT "rds_iam" TO "emitter"',
    'GRANT "pg_monitor" TO "emitter"',
  ]);
});

test('a server without rds_iam is not RDS, and is not asked for it', () => {
  expect(roleStatements([app], NOTHING, 'orders').join()).not.toContain('rds_iam');
});
