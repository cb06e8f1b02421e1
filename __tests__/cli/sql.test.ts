import { rolesOf, rolesSql } from '../../lib/roles';
import { readfleet } from './fake-io';
import { CONTRACT, DEPLOYED, folder } from './folder';
import { synthesise } from './stack';

const files = folder();
const file = files.write('fleet.json', DEPLOYED);

test("the roles of a contract, as the library's script", async () => {
  const { code, out } = await readfleet(['sql', '--contract', file]);

  expect(code).toBe(0);
  expect(out).toBe(rolesSql({ database: 'orders', roles: rolesOf(DEPLOYED) }));
});

test('the roles of an environment that was synthesised', async () => {
  const out = synthesise(files.path);

  const ran = await readfleet(['sql', '--environment', 'production', '--cdktf-out', out]);

  expect(ran.code).toBe(0);
  expect(ran.out).toContain('The PostgreSQL roles of database orders.');
  expect(ran.out).toContain('Role app_proxy');
});

test('a role under another name', async () => {
  const { out } = await readfleet(['sql', '--contract', file, '--role', 'app=orders_app', '--role', 'proxy=front']);

  expect(out).toContain('Role orders_app: apps');
  expect(out).not.toContain('Role app: ');
  expect(out).toContain('Role front: RDS Proxy');
  expect(out).toContain('Role readfleet_emitter');
});

test('without a contract: a database and the roles that are named', async () => {
  const { out } = await readfleet(['sql', '--database', 'shop', '--role', 'reader=reports']);

  expect(out).toBe(rolesSql({ database: 'shop', roles: [{ kind: 'reader', name: 'reports' }] }));
});

test('--no-iam and --database', async () => {
  const { out } = await readfleet(['sql', '--contract', file, '--no-iam', '--database', 'shop']);

  expect(out).toBe(rolesSql({ database: 'shop', roles: rolesOf(DEPLOYED), iam: false }));
});

test.each(['app', 'app=', 'king=me', '=me'])('--role %s is none', async (role) => {
  const { code, err } = await readfleet(['sql', '--contract', file, '--role', role]);

  expect(code).toBe(2);
  expect(err).toContain(`with one of the kinds app, reader, owner, emitter, proxy, got: ${role}`);
});

test('a name with an equals sign is one', async () => {
  expect((await readfleet(['sql', '--contract', file, '--role', 'app=a=b'])).out).toContain('Role a=b: ');
});

test('a name that PostgreSQL would not take is refused', async () => {
  const { code, err } = await readfleet(['sql', '--contract', file, '--role', `app=${'x'.repeat(64)}`]);

  expect(code).toBe(2);
  expect(err).toContain('must have 1 to 63 bytes');
});

test('no password of the contract is in it', async () => {
  const local = files.write('local.json', CONTRACT);

  expect((await readfleet(['sql', '--contract', local])).out).not.toContain('sesame');
});
