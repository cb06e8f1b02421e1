import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULTS } from '../../constructs/environment/defaults';
import { DEFAULT_ROLE_NAMES, ROLE_KINDS, rolesOf, rolesSql } from '../../lib/roles';
import { IAM_GROUP, KINDS } from '../../lib/roles/kinds';
import { tableRows } from './table';

const text = readFileSync(path.join(__dirname, '../../docs/roles.md'), 'utf8');

/** Where an environment names each. */
const KEYS = {
  app: ['access.user', DEFAULTS.access.user],
  reader: ['access.readOnlyUser', DEFAULTS.access.readOnlyUser],
  owner: ['access.migrationUser', DEFAULTS.access.migrationUser],
  emitter: ['emitter.user', DEFAULTS.emitter.user],
  proxy: ['proxy.user', DEFAULTS.proxy.user],
} as const;

test('every kind stands in the table with its key, its default, its login and its groups', () => {
  expect(
    tableRows(text, 'The roles')
      .slice(0, ROLE_KINDS.length)
      .map(([kind, key, name, login, groups]) => [kind, key?.split(',')[0], name, login?.split(',')[0], groups]),
  ).toEqual(
    ROLE_KINDS.map((kind) => {
      const { group, login } = KINDS[kind];
      const [key, name] = KEYS[kind];
      const groups = [...(login === 'iam' ? [IAM_GROUP] : []), group].map((one) => `\`${one}\``).join(', ');
      return [kind, `\`${key}\``, `\`${name}\``, login === 'iam' ? 'IAM' : login, groups];
    }),
  );
});

test('the SQL is the one that the command prints', () => {
  const [, printed] = /^## The SQL\n.*?^```sql\n(.*?)^```\n/ms.exec(text) ?? [];
  const roles = rolesOf({ auth: { kind: 'iam', user: DEFAULT_ROLE_NAMES.app }, proxy: {} });

  expect(printed).toBe(rolesSql({ database: 'orders', roles }));
});
