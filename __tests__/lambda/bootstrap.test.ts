import { Client } from 'pg';
import { bootstrap, handler } from '../../lambda/bootstrap';
import type { BootstrapSettings } from '../../lambda/bootstrap-settings';
import { systemClock } from '../../lib/clock';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { ManualClock } from '../support/manual-clock';

const MASTER = 'arn:master';
const PROXY = 'arn:proxy';

let local: LocalFleet;
let secrets: Record<string, string>;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  const { database } = local.contract;
  // A master user like that of RDS: no superuser, owner of the database, with what rds_superuser may grant.
  for (const statement of [
    'create role rds_iam nologin',
    "create role fleet_admin login createrole createdb password 'master-password'",
    'grant rds_iam, pg_monitor, pg_read_all_data, pg_write_all_data to fleet_admin with admin option',
    `alter database ${database} owner to fleet_admin`,
    'create table orders (id serial, total int)',
    'insert into orders (total) values (1)',
  ])
    await local.primary.query(statement);
});

afterAll(() => local?.stop());

beforeEach(() => {
  secrets = {
    [MASTER]: JSON.stringify({ username: 'fleet_admin', password: 'master-password' }),
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
    masterSecretArn: MASTER,
    roles: [
      { name: 'app', kind: 'app' },
      { name: 'readfleet_emitter', kind: 'emitter' },
      { name: 'app_proxy', kind: 'proxy', secretArn: PROXY },
    ],
    ...changes,
  };
}

const run = (changes: Partial<BootstrapSettings> = {}) =>
  bootstrap(settings(changes), { secrets: async (arn) => secrets[arn], clock: systemClock });

/** What `user` sees of one statement. */
async function as(user: string, password: string, text: string) {
  const { host, port } = local.contract.writer;
  const client = new Client({ host, port, database: local.contract.database, user, password });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows[0];
  } finally {
    await client.end();
  }
}

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
    expect(await run()).toEqual({ roles: { app: 'made', readfleet_emitter: 'made', app_proxy: 'made' } });
    expect(await run()).toEqual({ roles: { app: 'kept', readfleet_emitter: 'kept', app_proxy: 'kept' } });

    expect(await groupsOf('app')).toEqual(['rds_iam', 'readfleet_app']);
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
    expect(results.map(({ roles }) => Object.keys(roles).length)).toEqual([3, 3, 3]);
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
    await local.primary.query('create role by_hand');
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
    expect((error as Error).message).not.toContain('SCRAM');
    expect(await local.primary.query("select from pg_roles where rolname = 'fresh'")).toEqual([]);
  });

  test("a password that is not the master's", async () => {
    secrets[MASTER] = JSON.stringify({ username: 'fleet_admin', password: 'old' });
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
