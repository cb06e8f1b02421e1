import { inspect } from 'node:util';
import { Client } from 'pg';
import { bootstrap, handler } from '../../lambda/bootstrap';
import type { BootstrapSettings } from '../../lambda/bootstrap-settings';
import { systemClock } from '../../lib/clock';
import type { LocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { ManualClock } from '../support/manual-clock';
import { asMaster, catalogue, loggedIn, MASTER, startRdsLike } from '../support/rds-like';

const MASTER_ARN = 'arn:master';
const PROXY = 'arn:proxy';

let local: LocalFleet;
let secrets: Record<string, string>;

beforeAll(async () => {
  local = await startRdsLike(['blue']);
});

afterAll(() => local?.stop());

beforeEach(() => {
  secrets = {
    [MASTER_ARN]: JSON.stringify({ username: MASTER.user, password: MASTER.password }),
    [PROXY]: JSON.stringify({ username: 'app_proxy', password: "it's \\ 40 ~ characters" }),
  };
});

function settings(changes: Partial<BootstrapSettings> = {}): BootstrapSettings {
  const { writer, database } = local.contract;
  return {
    host: writer.host,
    port: writer.port,
    database,
    tls: 'disable',
    masterSecretArn: MASTER_ARN,
    roles: [
      { name: 'app', kind: 'app' },
      { name: 'readfleet_read_only', kind: 'reader' },
      { name: 'readfleet_migrations', kind: 'owner' },
      { name: 'readfleet_emitter', kind: 'emitter' },
      { name: 'app_proxy', kind: 'proxy', secretArn: PROXY },
    ],
    ...changes,
  };
}

const run = (changes: Partial<BootstrapSettings> = {}) =>
  bootstrap(settings(changes), { secrets: async (arn) => secrets[arn], clock: systemClock });

/** What `user` sees of one statement. */
const as = (user: string, password: string, text: string) =>
  loggedIn(local, { user, password }, async (client) => (await client.query({ text, rowMode: 'array' })).rows[0]);

async function groupsOf(role: string): Promise<string[]> {
  const rows = await local.primary.query<{ name: string }>(
    `select granted.rolname as name from pg_auth_members join pg_roles as granted on granted.oid = roleid
      where member = $1::regrole order by 1`,
    [role],
  );
  return rows.map(({ name }) => name);
}

describe('as a master user who is no superuser', () => {
  test('makes every role, and makes none a second time', async () => {
    const each = (what: string) => ({
      roles: Object.fromEntries(settings().roles.map(({ name }) => [name, what])),
    });
    expect(await run()).toEqual(each('made'));
    const made = await catalogue(local);
    expect(await run()).toEqual(each('kept'));
    expect(await catalogue(local)).toEqual(made);

    expect(await groupsOf('app')).toEqual(['rds_iam', 'readfleet_app']);
    expect(await groupsOf('readfleet_read_only')).toEqual(['rds_iam', 'readfleet_reader']);
    expect(await groupsOf('readfleet_migrations')).toEqual(['rds_iam', 'readfleet_owner']);
    expect(await groupsOf('readfleet_emitter')).toEqual(['pg_monitor', 'rds_iam']);
    expect(await groupsOf('app_proxy')).toEqual(['readfleet_app']);
    expect(await groupsOf('readfleet_app')).toEqual(['pg_read_all_data', 'pg_write_all_data']);
  });

  test('a role that is logged in with a password inherits nothing that wants IAM', async () => {
    await run();
    const [row] = await local.primary.query<{ iam: boolean }>(
      "select pg_has_role('app_proxy', 'rds_iam', 'member') as iam",
    );
    expect(row).toEqual({ iam: false });
  });

  test('the role of the proxy logs in by SCRAM, and works with tables that others made', async () => {
    await run();
    const { password } = JSON.parse(secrets[PROXY] as string);

    expect(await as('app_proxy', password, 'insert into orders (total) values (2) returning total')).toEqual([2]);
    expect(await as('app_proxy', password, 'select count(*) > 0 from orders')).toEqual([true]);
    await expect(as('app_proxy', password, 'drop table orders')).rejects.toMatchObject({ code: '42501' });
    await expect(as('app_proxy', password, 'create table mine ()')).rejects.toMatchObject({ code: '42501' });
    await expect(as('app_proxy', 'wrong', 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('a password that changed is the one that counts', async () => {
    await run();
    secrets[PROXY] = JSON.stringify({ username: 'app_proxy', password: 'another' });
    await run();

    expect(await as('app_proxy', 'another', 'select current_user')).toEqual(['app_proxy']);
  });

  test('what was changed by hand is repaired, and told as kept', async () => {
    await run();
    const right = await catalogue(local);
    await asMaster(
      local,
      'alter role app nologin; grant rds_iam to app_proxy; grant readfleet_app to readfleet_read_only',
    );

    expect((await run()).roles).toMatchObject({ app: 'kept', app_proxy: 'kept', readfleet_read_only: 'kept' });
    expect(await catalogue(local)).toEqual(right);
  });

  test('what a person gave the group or took from it stays', async () => {
    await run();
    await local.primary.query('revoke pg_write_all_data from readfleet_app granted by fleet_admin');
    await run();
    expect(await groupsOf('readfleet_app')).toEqual(['pg_read_all_data']);
    await local.primary.query('grant pg_write_all_data to readfleet_app');
  });

  test('no statement holds a password', async () => {
    const query = jest.spyOn(Client.prototype, 'query');
    try {
      await run();
      const texts = JSON.stringify(query.mock.calls);
      expect(texts).toContain('SCRAM-SHA-256$');
      expect(texts).not.toContain(JSON.parse(secrets[PROXY] as string).password.slice(0, 4));
      expect(texts).not.toContain('master-password');
    } finally {
      query.mockRestore();
    }
  });

  test('two at once do not trip over each other', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.map(({ roles }) => Object.keys(roles).length)).toEqual([5, 5, 5]);
  });

  test('the roles come to a replica with the log', async () => {
    await run();
    await eventually(async () => {
      const roles = await local.replica('blue').query("select from pg_roles where rolname = 'app'");
      return roles.length === 1;
    });
  });
});

describe('what goes wrong is told with what to do', () => {
  test('one role that is refused: none is made, and no verifier is told', async () => {
    await local.primary.query('create role by_hand login');
    const roles = [
      { name: 'fresh', kind: 'app' },
      { name: 'by_hand', kind: 'proxy', secretArn: PROXY },
    ] as const;
    secrets[PROXY] = JSON.stringify({ username: 'by_hand', password: 'password' });

    const error = await run({ roles }).catch((caught: Error) => caught);
    expect(error).toMatchObject({
      code: 'READFLEET_BOOTSTRAP_REFUSED',
      message: expect.stringMatching(/in: ALTER ROLE "by_hand" PASSWORD …\. .*ADMIN OPTION/),
    });
    // Nor to whoever prints the error with all that hangs on it.
    expect(inspect(error, { depth: null })).not.toContain('SCRAM');
    expect(await local.primary.query("select from pg_roles where rolname = 'fresh'")).toEqual([]);
  });

  test('a role that is another’s, in a block: with the statement within', async () => {
    await local.primary.query('create role of_another nologin');

    await expect(run({ roles: [{ name: 'of_another', kind: 'app' }] })).rejects.toMatchObject({
      code: 'READFLEET_BOOTSTRAP_REFUSED',
      message: expect.stringMatching(/in: ALTER ROLE "of_another" LOGIN INHERIT\. .*ADMIN OPTION/),
    });
  });

  test('two roles of one name', async () => {
    const roles = [
      { name: 'one', kind: 'app' },
      { name: 'one', kind: 'reader' },
    ] as const;
    await expect(run({ roles })).rejects.toMatchObject({ code: 'READFLEET_ROLES_NAMES' });
  });

  test("a password that is not the master's", async () => {
    secrets[MASTER_ARN] = JSON.stringify({ username: 'fleet_admin', password: 'old' });
    await expect(run()).rejects.toMatchObject({
      code: 'READFLEET_BOOTSTRAP_UNREACHABLE',
      message: expect.stringContaining('raise database.masterPasswordVersion'),
    });
  });

  test('a primary that does not come within the time', async () => {
    const clock = new ManualClock();
    // Nobody listens on port 1.
    const refused = bootstrap(settings({ port: 1 }), { secrets: async (arn) => secrets[arn], clock }).catch(
      (error: Error) => error,
    );
    let outcome: unknown;
    void refused.then((error) => {
      outcome = error;
    });
    while (outcome === undefined) await clock.advance(2_000);
    expect(outcome).toMatchObject({
      code: 'READFLEET_BOOTSTRAP_UNREACHABLE',
      message: expect.stringMatching(/the primary at .*:1 let fleet_admin not in: .*security groups/),
    });
  });

  test('a secret of another role', async () => {
    secrets[PROXY] = JSON.stringify({ username: 'someone', password: 'password' });
    await expect(run()).rejects.toMatchObject({
      code: 'READFLEET_BOOTSTRAP_SECRET',
      message: expect.stringContaining('it is of another role, someone'),
    });
  });

  test('a password that not all clients read alike', async () => {
    secrets[PROXY] = JSON.stringify({ username: 'app_proxy', password: 'pässword' });
    await expect(run()).rejects.toMatchObject({
      code: 'READFLEET_BOOTSTRAP_SECRET',
      message: expect.stringContaining('printable ASCII'),
    });
  });

  test('a function without settings', async () => {
    await expect(handler()).rejects.toMatchObject({ code: 'READFLEET_BOOTSTRAP_SETTINGS' });
  });
});
