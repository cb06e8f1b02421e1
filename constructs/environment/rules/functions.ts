import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import { rule } from './rule';

const user = z.object({ user: z.string().optional() }).optional();

export const functionRules = [
  rule(
    z.object({
      topology: z.literal(['instances', 'multi-az-cluster']),
      emitter: user,
      access: user,
      proxy: user,
      database: z.object({ masterUser: z.string().optional() }),
    }),
    ({ access, database, emitter, proxy }): Problem[] => {
      const got = emitter?.user ?? DEFAULTS.emitter.user;
      const others = [
        { name: access?.user ?? DEFAULTS.access.user, whose: 'apps' },
        { name: database.masterUser ?? DEFAULTS.database.masterUser, whose: 'the master user' },
        ...(proxy ? [{ name: proxy.user ?? DEFAULTS.proxy.user, whose: 'the proxy' }] : []),
      ];
      const same = others.find(({ name }) => name === got);
      if (!same) return [];
      return [
        {
          code: 'READFLEET_EMITTER_ROLE_TAKEN',
          path: 'emitter.user',
          got,
          message: `It is the role of ${same.whose} too: one of the two would have the other's rights, or its way to log in.`,
          fix: `Give the emitter a role of its own, e.g. "${DEFAULTS.emitter.user}".`,
        },
      ];
    },
  ),

  rule(
    z.object({
      network: z.object({ secretsRoute: z.object({ kind: z.literal('none') }) }),
      bootstrap: z.object({ kind: z.unknown() }).optional(),
    }),
    ({ bootstrap }): Problem[] => {
      const got = bootstrap?.kind ?? DEFAULTS.bootstrap.kind;
      if (got !== 'lambda') return [];
      return [
        {
          code: 'READFLEET_BOOTSTRAP_NO_ROUTE',
          path: 'bootstrap.kind',
          got,
          message: 'The function that makes the database roles reads its secrets, and has no way to Secrets Manager.',
          fix: 'Set network.secretsRoute to { kind: "endpoint" }, or bootstrap to { kind: "manual" } and make the roles by hand.',
        },
      ];
    },
  ),
];
