import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import type { RoleToMake } from './bootstrap-settings';

/**
 * What apps may do, however they log in (docs/decisions/0051-database-roles.md). A group of its own, since membership of a role
 * that logs in with IAM makes AWS want IAM of the member as well.
 */
export const APP_GROUP = 'readfleet_app';
/** Membership lets a role log in with IAM, and in no other way. RDS has it; other servers do not. */
const IAM_GROUP = 'rds_iam';
const MONITOR_GROUP = 'pg_monitor';
/** All data and no definitions, whoever made the tables. Set when the group is made, and left alone afterwards. */
const APP_RIGHTS = ['pg_read_all_data', 'pg_write_all_data'];

const GROUPS: Readonly<Record<RoleToMake['kind'], readonly string[]>> = {
  app: [IAM_GROUP, APP_GROUP],
  emitter: [IAM_GROUP, MONITOR_GROUP],
  proxy: [APP_GROUP],
};
const MANAGED = [IAM_GROUP, MONITOR_GROUP, APP_GROUP];

/** What the server has of the roles that are wanted. */
export interface Found {
  /** By name: whether it may log in. */
  readonly roles: ReadonlyMap<string, { readonly login: boolean }>;
  /** Group names by member. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A role to make, with what the server is to keep of its password. */
export interface WantedRole extends RoleToMake {
  readonly verifier?: string;
}

/** Looks at the roles that exist, of those that are wanted and of the groups. */
export async function findRoles(client: ClientBase, names: readonly string[]): Promise<Found> {
  const roles = await client.query<{ name: string; login: boolean }>(
    'select rolname as name, rolcanlogin as login from pg_roles where rolname = any($1)',
    [[...names, ...MANAGED]],
  );
  const memberships = await client.query<{ member: string; group: string }>(
    `select distinct member.rolname as member, granted.rolname as group
       from pg_auth_members as membership
       join pg_roles as member on member.oid = membership.member
       join pg_roles as granted on granted.oid = membership.roleid
      where member.rolname = any($1) and granted.rolname = any($2)`,
    [names, MANAGED],
  );
  const groups = new Map<string, Set<string>>();
  for (const { member, group } of memberships.rows) groups.set(member, (groups.get(member) ?? new Set()).add(group));
  return { roles: new Map(roles.rows.map(({ name, login }) => [name, { login }])), groups };
}

/**
 * The statements that bring the server from what it has to what is wanted: none for a role that is right already.
 *
 * They hold verifiers, never passwords.
 */
export function roleStatements(wanted: readonly WantedRole[], found: Found, database: string): string[] {
  const group = escapeIdentifier(APP_GROUP);
  const makeGroup = found.roles.has(APP_GROUP)
    ? []
    : [`CREATE ROLE ${group} NOLOGIN`, `GRANT ${APP_RIGHTS.map(escapeIdentifier).join(', ')} TO ${group}`];
  return [...makeGroup, ...wanted.flatMap((role) => statementsOf(role, found, database))];
}

function statementsOf(role: WantedRole, found: Found, database: string): string[] {
  const name = escapeIdentifier(role.name);
  const existing = found.roles.get(role.name);
  const has = found.groups.get(role.name) ?? new Set();
  const wants = GROUPS[role.kind].filter((group) => group !== IAM_GROUP || found.roles.has(IAM_GROUP));
  const password = role.verifier === undefined ? '' : ` PASSWORD ${escapeLiteral(role.verifier)}`;
  const statements: string[] = [];
  if (!existing) statements.push(`CREATE ROLE ${name} LOGIN${password}`);
  else if (!existing.login || password !== '') statements.push(`ALTER ROLE ${name} LOGIN${password}`);
  statements.push(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name}`);
  for (const group of MANAGED) {
    if (has.has(group) && !wants.includes(group)) statements.push(`REVOKE ${escapeIdentifier(group)} FROM ${name}`);
  }
  for (const group of wants) {
    if (!has.has(group)) statements.push(`GRANT ${escapeIdentifier(group)} TO ${name}`);
  }
  return statements;
}
