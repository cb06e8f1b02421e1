import { escapeIdentifier } from 'pg';
import type { FleetContract } from '../contract';
import { DEFAULT_ROLE_NAMES, KINDS, type Role } from './kinds';
import { LOCK_STATEMENT, type RoleStatementsOptions, roleStatements } from './statements';

/**
 * The fleet's roles as a script that people can read, and run with psql as often as they like. It is what the bootstrap function of a
 * deployment runs, with comments. No password is in it.
 *
 * @throws ReadfleetError `READFLEET_ROLES_NAMES` when a name is none, is a group's, or stands there twice
 */
export function rolesSql(options: RoleStatementsOptions): string {
  return [
    `The PostgreSQL roles of database ${options.database}. What is right already stays as it is: run it as often as you like.`,
    'On the primary, as the master user of RDS, or as a superuser:',
    `  psql --dbname=${options.database} --set=ON_ERROR_STOP=1 --file=roles.sql`,
    ...passwords(options),
  ]
    .map(comment)
    .concat(
      '',
      'BEGIN;',
      comment('One run at a time.'),
      `${LOCK_STATEMENT};`,
      comment('Else PostgreSQL tells what the runner itself may not do with the new roles.'),
      'SET LOCAL client_min_messages = warning;',
      '',
      ...roleStatements(options).flatMap(({ why, text }) => [comment(why), `${text};`, '']),
      'COMMIT;',
      '',
    )
    .join('\n');
}

/** The roles that go with a contract. It names those of apps and proxy; the others have the names that they have by default. */
export function rolesOf({ auth, proxy }: Pick<FleetContract, 'auth' | 'proxy'>): Role[] {
  return [
    { name: 'user' in auth ? auth.user : DEFAULT_ROLE_NAMES.app, kind: 'app' },
    { name: DEFAULT_ROLE_NAMES.reader, kind: 'reader' },
    { name: DEFAULT_ROLE_NAMES.owner, kind: 'owner' },
    { name: DEFAULT_ROLE_NAMES.emitter, kind: 'emitter' },
    ...(proxy ? [{ name: proxy.user ?? DEFAULT_ROLE_NAMES.proxy, kind: 'proxy' } as const] : []),
  ];
}

function passwords({ roles, iam = true }: RoleStatementsOptions): string[] {
  const missing = roles.filter(
    ({ kind, verifier }) => verifier === undefined && (!iam || KINDS[kind].login === 'password'),
  );
  if (missing.length === 0) return [];
  return [
    'No password stands here, since servers log statements. Set these in psql afterwards, which sends what the server keeps of a password:',
    ...missing.map(
      ({ name, kind }) =>
        `  \\password ${escapeIdentifier(name)}${kind === 'proxy' ? '   -- the one in its secret' : ''}`,
    ),
  ];
}

/** Each line of it: a name may hold a line break. */
function comment(text: string): string {
  return text.replace(/^/gm, '-- ');
}
