import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import { rule } from './rule';

const user = z.object({ user: z.string().optional() });

export const proxyRules = [
  // That the emitter's role is another is a rule of the emitter's.
  rule(
    z.object({
      proxy: user,
      access: user.optional(),
      database: z.object({ masterUser: z.string().optional() }),
    }),
    ({ access, database, proxy }): Problem[] => {
      const got = proxy.user ?? DEFAULTS.proxy.user;
      const problem = { code: 'READFLEET_PROXY_ROLE_TAKEN', path: 'proxy.user', got };
      const fix = `Give the proxy a role of its own, e.g. "${DEFAULTS.proxy.user}".`;
      if (got === (access?.user ?? DEFAULTS.access.user)) {
        return [
          {
            ...problem,
            message:
              'Apps log in as this role with IAM, and PostgreSQL on RDS then takes no password of it: the proxy has one.',
            fix,
          },
        ];
      }
      if (got !== (database.masterUser ?? DEFAULTS.database.masterUser)) return [];
      return [{ ...problem, message: 'Whoever comes through the proxy would be the master user.', fix }];
    },
  ),
];
