import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import { rule } from './rule';

const text = z.string().optional();
const user = z.object({ user: text }).optional();

/** That the roles of emitter and proxy are not those of apps is a rule of theirs. */
export const accessRules = [
  rule(
    z.object({
      topology: z.unknown().optional(),
      access: z.object({ user: text, readOnlyUser: text, migrationUser: text }).optional(),
      database: z.object({ masterUser: text }),
      emitter: user,
      proxy: user,
    }),
    ({ access, database, emitter, proxy, topology }): Problem[] => {
      const readOnlyUser = access?.readOnlyUser ?? DEFAULTS.access.readOnlyUser;
      const migrationUser = access?.migrationUser ?? DEFAULTS.access.migrationUser;
      const others = [
        { name: access?.user ?? DEFAULTS.access.user, whose: 'apps' },
        { name: database.masterUser ?? DEFAULTS.database.masterUser, whose: 'the master user' },
        ...(topology === 'aurora' ? [] : [{ name: emitter?.user ?? DEFAULTS.emitter.user, whose: 'the emitter' }]),
        ...(proxy ? [{ name: proxy.user ?? DEFAULTS.proxy.user, whose: 'the proxy' }] : []),
      ];
      return [
        ...taken('readOnlyUser', readOnlyUser, others),
        ...taken('migrationUser', migrationUser, [...others, { name: readOnlyUser, whose: 'those that only read' }]),
      ];
    },
  ),
];

function taken(
  key: 'readOnlyUser' | 'migrationUser',
  got: string,
  others: readonly { readonly name: string; readonly whose: string }[],
): Problem[] {
  const same = others.find(({ name }) => name === got);
  if (!same) return [];
  return [
    {
      code: 'READFLEET_ACCESS_ROLE_TAKEN',
      path: `access.${key}`,
      got,
      message: `It is the role of ${same.whose} too: a role has one kind of rights, and one way to log in.`,
      fix: `Give it a name of its own, e.g. "${DEFAULTS.access[key]}".`,
    },
  ];
}
