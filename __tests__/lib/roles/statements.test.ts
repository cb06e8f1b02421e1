/** What the statements are, without a server; and whatever names are, on one. */
import fc from 'fast-check';
import { LOCK_STATEMENT, type Role, type RoleStatementsOptions, roleStatements, rolesSql } from '../../../lib/roles';
import { GROUPS, KINDS, ROLE_KINDS } from '../../../lib/roles/kinds';
import type { LocalFleet } from '../../../local';
import { asMaster, startRdsLike } from '../../support/rds-like';

const database = 'orders';
const all: Role[] = ROLE_KINDS.map((kind) => ({ name: `of_${kind}`, kind }));
const texts = (options: Partial<RoleStatementsOptions> = {}) =>
  roleStatements({ database, roles: all, ...options }).map(({ text }) => text);

describe('statements', () => {
  test('make the groups that the roles need, and no others', () => {
    const made = (kind: Role['kind']) =>
      texts({ roles: [{ name: 'one', kind }] })
        .join('\n')
        .match(/CREATE ROLE readfleet_\w+/g) ?? [];

    expect(Object.fromEntries(ROLE_KINDS.map((kind) => [kind, made(kind)]))).toEqual({
      app: ['CREATE ROLE readfleet_app'],
      reader: ['CREATE ROLE readfleet_reader'],
      owner: ['CREATE ROLE readfleet_owner'],
      emitter: [],
      proxy: ['CREATE ROLE readfleet_app'],
    });
  });

  test('speak of rights to define where there are migrations alone', () => {
    const others = all.filter(({ kind }) => kind !== 'owner');

    expect(texts().join()).toContain('GRANT CREATE ON DATABASE "orders" TO readfleet_owner');
    expect(texts({ roles: others }).join()).not.toContain('GRANT CREATE');
  });

  test('of no role are the look at the database', () => {
    expect(texts({ roles: [] })).toEqual([expect.stringContaining("current_database() <> 'orders'")]);
  });

  test('speak of rds_iam unless told not to', () => {
    expect(texts().join()).toContain('rds_iam');
    expect(texts({ iam: false }).join()).not.toContain('rds_iam');
  });

  test('hold a verifier in one of its own, since an error quotes the block that it comes from', () => {
    const roles: Role[] = [{ name: 'through', kind: 'proxy', verifier: "SCRAM-SHA-256$it's" }];

    expect(texts({ roles }).filter((text) => text.includes('SCRAM'))).toEqual([
      `ALTER ROLE "through" PASSWORD 'SCRAM-SHA-256$it''s'`,
    ]);
  });

  test.each<[string, Partial<RoleStatementsOptions>, RegExp]>([
    [
      'two roles of one name',
      { roles: [...all, { name: 'of_app', kind: 'reader' }] },
      /"of_app" is that of .* two roles/,
    ],
    ...[...GROUPS.map(({ name }) => name), 'rds_iam'].map(
      (name) =>
        [`the group ${name} as a role`, { roles: [{ name, kind: 'app' }] }, /is that of a group/] as [
          string,
          Partial<RoleStatementsOptions>,
          RegExp,
        ],
    ),
    ['no name', { roles: [{ name: '', kind: 'app' }] }, /the name "" must have 1 to 63 bytes/],
    ['a name that PostgreSQL would cut off', { roles: [{ name: 'ä'.repeat(32), kind: 'app' }] }, /1 to 63 bytes/],
    ['a name with a zero byte', { roles: [{ name: 'a\0', kind: 'app' }] }, /none of them 0/],
    ['a database without a name', { database: '' }, /the name "" must/],
  ])('are refused for %s', (_, options, message) => {
    expect(() => texts(options)).toThrow(
      expect.objectContaining({ code: 'READFLEET_ROLES_NAMES', message: expect.stringMatching(message) }),
    );
  });
});

describe('the script', () => {
  test('is the statements in one transaction under the lock, with what they are for', () => {
    const script = rolesSql({ database, roles: all });
    const code = script.replace(/^-- .*\n/gm, '');

    expect(code.trim().replace(/\n{2,}/g, '\n')).toBe(
      ['BEGIN', LOCK_STATEMENT, 'SET LOCAL client_min_messages = warning', ...texts(), 'COMMIT']
        .map((text) => `${text};`)
        .join('\n'),
    );
    for (const { name, kind } of all) expect(script).toContain(`-- Role ${name}: ${KINDS[kind].about}.\n`);
  });

  test('says whose password is to be set: the proxy’s, and without IAM everybody’s', () => {
    const asked = (options: Partial<RoleStatementsOptions>) =>
      [...rolesSql({ database, roles: all, ...options }).matchAll(/^-- {3}\\password "(\w+)"/gm)].map(
        ([, name]) => name,
      );
    const verified = all.map((role) => ({ ...role, verifier: 'SCRAM' }));

    expect(asked({})).toEqual(['of_proxy']);
    expect(asked({ iam: false })).toEqual(all.map(({ name }) => name));
    expect(asked({ iam: false, roles: verified })).toEqual([]);
  });
});

describe('whatever names are', () => {
  let local: LocalFleet;

  beforeAll(async () => {
    local = await startRdsLike();
  });

  afterAll(() => local?.stop());

  const hostile = fc.constantFrom('$$', "'", '"', '\\', '\n', '--', ';', '$readfleet1$', '%', ' ', 'A', 'ä', 'user');
  const name = fc
    .array(fc.oneof(hostile, fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join(''))
    .filter((text) => Buffer.byteLength(text) <= 63 && !/\0|^pg_|^none$|^public$/i.test(text));

  test('the script makes roles of these names, twice over, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: ROLE_KINDS.length, maxLength: ROLE_KINDS.length }),
        async (names) => {
          const roles = ROLE_KINDS.map((kind, index) => ({ name: String(names[index]), kind }));
          const script = rolesSql({ database: local.contract.database, roles });
          const before = await roleNames();
          await asMaster(local, script);
          await asMaster(local, script);
          const made = (await roleNames()).filter((one) => !before.includes(one));
          await asMaster(local, await droppingOf(names));

          expect(made.filter((one) => !one.startsWith('readfleet_')).sort()).toEqual([...names].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  async function roleNames(): Promise<string[]> {
    return (await local.primary.query<{ name: string }>('select rolname as name from pg_roles')).map((row) => row.name);
  }

  async function droppingOf(names: readonly string[]): Promise<string> {
    const rows = await local.primary.query<{ text: string }>(
      `select format('revoke all on database %I from %I; drop role %I', current_database(), one, one) as text
         from unnest($1::text[]) as one`,
      [names],
    );
    return rows.map(({ text }) => text).join(';');
  }
});
