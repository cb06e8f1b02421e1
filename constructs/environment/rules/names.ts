import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import { IAM_ROLE_NAME_LENGTH, memberIdentifier, monitoringRoleName, PRIMARY, RDS_IDENTIFIER_LENGTH } from '../names';
import { SLUG, SLUG_MESSAGE } from '../slug';
import { named, rule } from './rule';

const text = z.string();
/** RDS's own limit on the replicas of one instance. */
const MAX_REPLICAS = 15;

export const nameRules = [
  rule(z.object({ fleet: text, name: text }), ({ fleet, name }) =>
    // The same cause, told once.
    [
      ...tooLong('name', memberIdentifier(fleet, name, PRIMARY), RDS_IDENTIFIER_LENGTH),
      ...tooLong('name', monitoringRoleName(fleet, name), IAM_ROLE_NAME_LENGTH),
    ].slice(0, 1),
  ),

  rule(z.object({ fleet: text, name: text, replicas: named }), ({ fleet, name, replicas }) =>
    Object.keys(replicas).flatMap((replica) =>
      tooLong(`replicas.${replica}`, memberIdentifier(fleet, name, replica), RDS_IDENTIFIER_LENGTH),
    ),
  ),

  rule(z.object({ replicas: named }), ({ replicas }) => Object.keys(replicas).flatMap(replicaName)),

  rule(z.object({ replicas: named }), ({ replicas }) => {
    const count = Object.keys(replicas).length;
    if (count >= 1 && count <= MAX_REPLICAS) return [];
    return [
      {
        code: 'READFLEET_REPLICA_COUNT',
        path: 'replicas',
        got: `${count} replicas`,
        message: `RDS gives an instance at most ${MAX_REPLICAS} read replicas, and a fleet has at least one.`,
        fix: `Name 1 to ${MAX_REPLICAS}.`,
      },
    ];
  }),

  rule(
    z.object({
      access: z.object({ user: text.optional() }).optional(),
      database: z.object({ masterUser: text.optional() }),
    }),
    ({ access, database }) => {
      const user = access?.user ?? DEFAULTS.access.user;
      if (user !== (database.masterUser ?? DEFAULTS.database.masterUser)) return [];
      return [
        {
          code: 'READFLEET_APP_IS_MASTER',
          path: 'access.user',
          got: user,
          message: 'Apps would be the master user, and IAM authentication would end its password login.',
          fix: 'Give apps a role of their own.',
        },
      ];
    },
  ),
];

function replicaName(name: string): Problem[] {
  const problem = { code: 'READFLEET_REPLICA_NAME', path: `replicas.${name}`, got: name };
  if (!SLUG.test(name)) return [{ ...problem, message: SLUG_MESSAGE, fix: 'Name it e.g. "blue".' }];
  if (name !== PRIMARY) return [];
  return [{ ...problem, message: 'The member that is written to has this name.', fix: 'Name it e.g. "blue".' }];
}

function tooLong(path: string, name: string, limit: number): Problem[] {
  if (name.length <= limit) return [];
  return [
    {
      code: 'READFLEET_NAME_TOO_LONG',
      path,
      got: name,
      message: `AWS takes ${limit} characters for this name; it has ${name.length}.`,
      fix: 'Shorten the names of fleet, environment or replica.',
    },
  ];
}
