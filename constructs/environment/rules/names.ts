import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import {
  CLUSTER_INSTANCES,
  IAM_ROLE_NAME_LENGTH,
  memberIdentifier,
  monitoringRoleName,
  PRIMARY,
  PRIMARY_INSTANCE,
  RDS_IDENTIFIER_LENGTH,
} from '../names';
import { SLUG, SLUG_MESSAGE } from '../slug';
import { named, rule } from './rule';

const text = z.string();
/** RDS's own limit on the replicas of one instance, and on the readers of an Aurora cluster. */
const MAX_REPLICAS = 15;

/** Where an environment names servers. */
const NAMED = ['replicas', 'promoted', 'remoteReplicas', 'readers'] as const;

export const nameRules = [
  rule(z.object({ fleet: text, name: text, topology: z.unknown().optional() }), ({ fleet, name, topology }) =>
    // The same cause, told once.
    [
      ...tooLong('name', memberIdentifier(fleet, name, firstMember(topology)), RDS_IDENTIFIER_LENGTH),
      ...tooLong('name', monitoringRoleName(fleet, name), IAM_ROLE_NAME_LENGTH),
    ].slice(0, 1),
  ),

  ...NAMED.flatMap((where) => [
    rule(z.object({ fleet: text, name: text, [where]: named }), (parts) =>
      Object.keys(parts[where] as object).flatMap((server) =>
        tooLong(
          `${where}.${server}`,
          memberIdentifier(String(parts.fleet), String(parts.name), server),
          RDS_IDENTIFIER_LENGTH,
        ),
      ),
    ),
    rule(z.object({ [where]: named }), (parts) =>
      Object.keys(parts[where] as object).flatMap((server) => serverName(where, server)),
    ),
  ]),

  rule(z.object({ replicas: named, remoteReplicas: named.optional() }), ({ replicas, remoteReplicas = {} }) => {
    const near = Object.keys(replicas).length;
    const far = Object.keys(remoteReplicas).length;
    if (near >= 1 && near + far <= MAX_REPLICAS) return [];
    return [
      {
        code: 'READFLEET_REPLICA_COUNT',
        path: 'replicas',
        got: far === 0 ? `${near} replicas` : `${near} replicas and ${far} remote ones`,
        message:
          `RDS gives an instance at most ${MAX_REPLICAS} read replicas, in all regions together, and a fleet has at least ` +
          'one in its own.',
        fix: `Name 1 to ${MAX_REPLICAS - far}.`,
      },
    ];
  }),

  rule(z.object({ readers: named }), ({ readers }) => {
    const count = Object.keys(readers).length;
    if (count >= 1 && count <= MAX_REPLICAS) return [];
    return [
      {
        code: 'READFLEET_READER_COUNT',
        path: 'readers',
        got: `${count} readers`,
        message: `Aurora gives a cluster at most ${MAX_REPLICAS} readers beside its writer, and a fleet has at least one.`,
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

/** The server whose identifier is the longest, of those that no one names. */
function firstMember(topology: unknown): string {
  return topology === 'multi-az-cluster' ? CLUSTER_INSTANCES[0] : PRIMARY;
}

function serverName(where: (typeof NAMED)[number], name: string): Problem[] {
  const problem = { code: 'READFLEET_REPLICA_NAME', path: `${where}.${name}`, got: name, fix: 'Name it e.g. "blue".' };
  if (!SLUG.test(name)) return [{ ...problem, message: SLUG_MESSAGE }];
  if (name === PRIMARY) return [{ ...problem, message: 'The member that is written to has this name.' }];
  if (where !== 'readers' || name !== PRIMARY_INSTANCE) return [];
  return [{ ...problem, message: 'The instance that begins as the writer has this name among the readers.' }];
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
