/** The script on a real server, run as people would: by a master user who is no superuser. */
import { bootstrap } from '../../../lambda/bootstrap';
import { systemClock } from '../../../lib/clock';
import { type Role, rolesOf, rolesSql } from '../../../lib/roles';
import type { LocalFleet } from '../../../local';
import { asMaster, catalogue, loggedIn, MASTER, startRdsLike } from '../../support/rds-like';

const ROLES: readonly Role[] = [
  { name: 'app', kind: 'app' },
  { name: 'reader', kind: 'reader' },
  { name: 'migrations', kind: 'owner' },
  { name: 'emitter', kind: 'emitter' },
  { name: 'app_proxy', kind: 'proxy' },
];
const PASSWORD = 'a-password';

let local: LocalFleet;

beforeAll(async () => {
  local = await startRdsLike();
});

afterAll(() => local?.stop());

const sql = (roles: readonly Role[] = ROLES, iam = true) => rolesSql({ database: local.contract.database, roles, iam });
const run = (roles: readonly Role[] = ROLES) => asMaster(local, sql(roles));
const superuser = (...statements: readonly string[]) =>
  statements.reduce<Promise<unknown>>(
    (before, text) => before.then(() => local.primary.query(text)),
    Promise.resolve(),
  );

/** What `user` sees of the last of these statements, in a session of its own. */
async function as(user: string, ...statements: readonly string[]): Promise<unknown> {
  await superuser(`alter role ${user} password '${PASSWORD}'`);
  return loggedIn(local, { user, password: PASSWORD }, async (client) => {
    let last: unknown;
    for (const text of statements) last = (await client.query({ text, rowMode: 'array' })).rows[0];
    return last;
  });
}

const REFUSED = { code: '42501' };
const READ_ONLY = { code: '25006' };

describe('run by hand', () => {
  test('comes to the same as the bootstrap function, and a second run changes nothing', async () => {
    const deployed = await startRdsLike();
    try {
      const { database, writer } = deployed.contract;
      const settings = { ...writer, database, tls: 'disable', masterSecretArn: 'arn:master' } as const;
      const roles = ROLES.map((role) => (role.kind === 'proxy' ? { ...role, secretArn: 'arn:proxy' } : role));
      const secrets = async (arn: string) =>
        JSON.stringify(
          arn === 'arn:proxy'
            ? { username: 'app_proxy', password: PASSWORD }
            : { username: MASTER.user, password: MASTER.password },
        );
      await bootstrap({ ...settings, roles }, { secrets, clock: systemClock });

      await run();
      const once = await catalogue(local);
      await run();

      expect(once).toEqual(await catalogue(deployed));
      expect(await catalogue(local)).toEqual(once);
    } finally {
      await deployed.stop();
    }
  });

  test('says nothing when all is well', async () => {
    const notices: unknown[] = [];
    const roles: Role[] = [{ name: 'quiet', kind: 'owner' }];
    await loggedIn(local, MASTER, async (client) => {
      client.on('notice', ({ message }) => notices.push(message));
      await client.query(sql(roles));
      await client.query(sql(roles));
    });

    expect(notices).toEqual([]);
  });

  test('in another database is refused, and makes nothing', async () => {
    await superuser('create database elsewhere');
    const elsewhere = { ...MASTER, database: 'elsewhere' };

    await expect(
      loggedIn(local, elsewhere, (client) => client.query(sql([{ name: 'fresh', kind: 'app' }]))),
    ).rejects.toThrow(`this is database elsewhere, and the roles are for database ${local.contract.database}`);
    expect(await local.primary.query("select from pg_roles where rolname = 'fresh'")).toEqual([]);
  });

  test('by several at once makes the same roles', async () => {
    await Promise.all([run(), run(), run()]);
    const rows = await local.primary.query("select from pg_roles where rolname in ('app', 'reader', 'migrations')");
    expect(rows).toHaveLength(3);
  });

  test('of the contract names the roles of apps and proxy, and the others by default', () => {
    const proxy = { user: 'through' };

    expect(rolesOf({ auth: { kind: 'iam', user: 'shop' }, proxy })).toEqual([
      { name: 'shop', kind: 'app' },
      { name: 'readfleet_read_only', kind: 'reader' },
      { name: 'readfleet_migrations', kind: 'owner' },
      { name: 'readfleet_emitter', kind: 'emitter' },
      { name: 'through', kind: 'proxy' },
    ]);
    expect(rolesOf({ auth: { kind: 'secret', secretArn: 'arn' } }).map(({ name }) => name)).toEqual([
      'app',
      'readfleet_read_only',
      'readfleet_migrations',
      'readfleet_emitter',
    ]);
  });
});

describe('what each may', () => {
  beforeAll(() => run());

  test.each(['app', 'app_proxy'])('%s reads and writes what others made, and defines nothing', async (user) => {
    expect(await as(user, 'insert into orders (total) values (2) returning total')).toEqual([2]);
    expect(await as(user, 'select count(*) > 0 from orders')).toEqual([true]);
    await expect(as(user, 'drop table orders')).rejects.toMatchObject(REFUSED);
    await expect(as(user, 'create table mine ()')).rejects.toMatchObject(REFUSED);
    await expect(as(user, 'set role readfleet_owner')).rejects.toMatchObject(REFUSED);
  });

  test('a reader reads, and does not write: its sessions refuse, and its rights do when it talks them into it', async () => {
    expect(await as('reader', 'select count(*) > 0 from orders')).toEqual([true]);
    await expect(as('reader', 'insert into orders (total) values (3)')).rejects.toMatchObject(READ_ONLY);
    for (const write of ['insert into orders (total) values (3)', 'update orders set total = 0', 'delete from orders'])
      await expect(as('reader', 'set default_transaction_read_only = off', write)).rejects.toMatchObject(REFUSED);
  });

  test('an emitter sees replication, and none of the data', async () => {
    expect(await as('emitter', "select pg_has_role('pg_read_all_stats', 'usage')")).toEqual([true]);
    await expect(as('emitter', 'select from orders')).rejects.toMatchObject(REFUSED);
  });

  test('what migrations make belongs to their group, and apps use it at once', async () => {
    await as('migrations', 'create schema billing', 'create table billing.invoices (id serial primary key, total int)');
    await as('migrations', 'create table public.carts (id int primary key)');

    expect(
      await local.primary.query("select distinct tableowner from pg_tables where tablename in ('invoices', 'carts')"),
    ).toEqual([{ tableowner: 'readfleet_owner' }]);
    expect(await as('app', 'insert into billing.invoices (total) values (7) returning total')).toEqual([7]);
    expect(await as('reader', 'select total from billing.invoices')).toEqual([7]);
    expect(await as('migrations', 'update orders set total = total', 'select count(*) > 0 from orders')).toEqual([
      true,
    ]);
    await expect(as('migrations', 'drop table orders')).rejects.toMatchObject(REFUSED);
    await expect(as('migrations', 'create role another')).rejects.toMatchObject(REFUSED);
  });

  test('another role goes on with what the first one made', async () => {
    await as('migrations', 'create table public.baskets (id int)');
    await run(ROLES.map((role) => (role.kind === 'owner' ? { ...role, name: 'next_migrations' } : role)));

    await as('next_migrations', 'alter table baskets add total int', 'drop table baskets');
  });

  test('a table that the master user made is handed over by the master user', async () => {
    await asMaster(local, 'create table of_master (id int)');
    await asMaster(local, 'grant readfleet_owner to current_user; alter table of_master owner to readfleet_owner');

    await as('migrations', 'alter table of_master add total int');
    await asMaster(local, 'revoke readfleet_owner from current_user granted by current_user');
  });

  test('a role that made tables before hands them over itself', async () => {
    await superuser(
      'create role of_old login',
      `grant of_old to ${MASTER.user} with admin option`,
      'grant create on schema public to of_old',
      'set role of_old; create table of_old_table (id int)',
    );
    await run([{ name: 'of_old', kind: 'owner' }]);

    await expect(as('of_old', 'alter table of_old_table add total int')).rejects.toMatchObject(REFUSED);
    await as('of_old', 'set role none', 'reassign owned by of_old to readfleet_owner');
    await as('of_old', 'alter table of_old_table add total int');
  });
});

describe('repairs', () => {
  let right: unknown;

  beforeEach(async () => {
    await run();
    right = await catalogue(local);
  });

  /** What is wrong, by whom: then the script is run, and all is as it was. */
  const repaired = async () => {
    expect(await catalogue(local)).not.toEqual(right);
    await run();
    expect(await catalogue(local)).toEqual(right);
  };

  test.each([
    ['may not log in', 'alter role app nologin'],
    ['inherits nothing', 'alter role app noinherit'],
    ['was taken out of its group', 'revoke readfleet_app from app'],
    ['was taken out of rds_iam', 'revoke rds_iam from app'],
    ['is in the group of another kind', 'grant readfleet_app to reader'],
    ['is in the group of migrations', 'grant readfleet_owner to app'],
    ['has a password and is in rds_iam', 'grant rds_iam to app_proxy'],
    ['monitors and is no emitter', 'grant pg_monitor to reader'],
    ['has no use of its group', 'grant readfleet_app to app with inherit false'],
    ['may not become the owner of what it makes', 'grant readfleet_owner to migrations with set false'],
    ['reads only, and is an app', 'alter role app set default_transaction_read_only = on'],
    ['writes, and is a reader', 'alter role reader reset default_transaction_read_only'],
    ['begins with another setting', 'alter role reader set default_transaction_read_only = off'],
    ['makes what belongs to itself', 'alter role migrations reset role'],
    ['has the settings of migrations', 'alter role app set role = readfleet_owner'],
    ['may not connect', `revoke connect on database postgres from app`],
    ['may make no schemas', `revoke create on database postgres from readfleet_owner`],
    ['may make no tables', 'revoke create on schema public from readfleet_owner'],
  ])('a role that %s: %s', async (_, fault) => {
    await asMaster(local, fault);
    await repaired();
  });

  test('a role that was dropped', async () => {
    await superuser('drop owned by reader', 'drop role reader');
    await repaired();
  });

  test('roles that change places', async () => {
    const swapped: Role[] = [
      { name: 'app', kind: 'reader' },
      { name: 'reader', kind: 'owner' },
      { name: 'migrations', kind: 'app' },
      ...ROLES.slice(3),
    ];
    await run(swapped);
    await expect(as('app', 'insert into orders (total) values (4)')).rejects.toMatchObject(READ_ONLY);
    expect(await as('migrations', 'select current_user::text')).toEqual(['migrations']);
    expect(await as('reader', 'select current_user::text')).toEqual(['readfleet_owner']);

    await repaired();
  });

  test('a group that was renamed: another is made, and the old one stays with those who are in it', async () => {
    await asMaster(local, 'alter role readfleet_reader rename to reporting');
    await run();

    const groups = await local.primary.query<{ name: string }>(
      "select roleid::regrole::text as name from pg_auth_members where member = 'reader'::regrole order by 1",
    );
    expect(groups.map(({ name }) => name)).toEqual(['rds_iam', 'readfleet_reader', 'reporting']);
    await asMaster(local, 'drop role readfleet_reader; alter role reporting rename to readfleet_reader');
  });

  test('and leaves alone what people made of a group, and what it knows nothing of', async () => {
    await asMaster(
      local,
      `revoke pg_write_all_data from readfleet_app; grant readfleet_reader to readfleet_app;
       alter role app set statement_timeout = '5s'; alter role app connection limit 7;
       create role team; grant team to app`,
    );
    const changed = await catalogue(local);
    await run();

    expect(await catalogue(local)).toEqual(changed);
    await asMaster(
      local,
      `grant pg_write_all_data to readfleet_app; revoke readfleet_reader from readfleet_app;
       alter role app reset statement_timeout; alter role app connection limit -1; drop role team`,
    );
  });

  test('nothing of a membership that is another’s to take: it is told, and all stays as it was', async () => {
    await superuser('grant rds_iam to app_proxy', 'alter role app nologin');
    const wrong = await catalogue(local);

    await expect(run()).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('revoke') });
    expect(await catalogue(local)).toEqual(wrong);
    await superuser('revoke rds_iam from app_proxy', 'alter role app login');
  });

  test.each([
    ['schema public', 'create on schema public', 'alter schema public owner to', 'pg_database_owner'],
    ['the database', 'create on database postgres', 'alter database postgres owner to', MASTER.user],
  ])(
    'nothing that the owner of %s must grant: PostgreSQL warns, and the script refuses',
    async (_, right, owned, by) => {
      await superuser(`${owned} postgres`, `revoke ${right} from readfleet_owner`);
      await expect(run()).rejects.toThrow('must grant CREATE on both to readfleet_owner');
      await superuser(`${owned} ${by}`);
      await repaired();
    },
  );

  test('what sessions begin with everywhere, and leaves alone what they begin with in one database', async () => {
    await asMaster(
      local,
      `alter role app in database postgres set default_transaction_read_only = on;
       alter role reader in database postgres set default_transaction_read_only = on`,
    );
    const changed = await catalogue(local);
    await asMaster(local, 'alter role reader reset default_transaction_read_only');
    await run();

    expect(await catalogue(local)).toEqual(changed);
    await asMaster(
      local,
      'alter role app in database postgres reset all; alter role reader in database postgres reset all',
    );
  });
});

test('a server without IAM, or a script without it: roles have no part in rds_iam', async () => {
  const names = ['no_iam_app', 'no_iam_reader'] as const;
  const roles: Role[] = [
    { name: names[0], kind: 'app' },
    { name: names[1], kind: 'reader' },
  ];
  const members = () =>
    local.primary.query(`select from pg_auth_members where roleid = to_regrole('rds_iam')
    and member = any (array['${names.join("','")}']::regrole[])`);
  await asMaster(local, sql(roles, false));
  expect(await members()).toEqual([]);

  await superuser('alter role rds_iam rename to of_rds');
  await asMaster(local, sql(roles));
  await superuser('alter role of_rds rename to rds_iam');
  expect(await members()).toEqual([]);

  await asMaster(local, sql(roles));
  expect(await members()).toHaveLength(2);
});
