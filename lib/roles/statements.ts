import { escapeIdentifier, escapeLiteral } from 'pg';
import { ReadfleetError } from '../errors';
import { GROUPS, IAM_GROUP, KINDS, type Role } from './kinds';

/** Two that make roles at once would trip over each other's changes. Any number that is ours; held until the transaction ends. */
export const LOCK_STATEMENT = 'SELECT pg_advisory_xact_lock(7233371)';

export interface RoleStatementsOptions {
  /** The database that the roles connect to, and in which migrations make what they make. */
  readonly database: string;
  readonly roles: readonly Role[];
  /**
   * Whether roles log in with IAM where the server has it. That it has, the statements find out by themselves: RDS has.
   * @default true
   */
  readonly iam?: boolean;
}

export interface RoleStatement {
  /** For people. */
  readonly why: string;
  /** Without a semicolon at its end. It changes nothing of what is right already. */
  readonly text: string;
}

/**
 * What makes the roles, and repairs those that are there: to be run in one transaction, under the lock. PostgreSQL 14 and newer.
 *
 * They look for themselves at what is there, so that the bootstrap function and people run the very same text.
 *
 * @throws ReadfleetError `READFLEET_ROLES_NAMES` when a name is none, is a group's, or stands there twice
 */
export function roleStatements({ database, roles, iam = true }: RoleStatementsOptions): RoleStatement[] {
  checkNames(
    database,
    roles.map(({ name }) => name),
  );
  const groups = GROUPS.filter(({ name }) => roles.some(({ kind }) => KINDS[kind].group === name));
  const migrates = roles.some(({ kind }) => kind === 'owner');
  return [
    { why: 'Rights on schemas are of one database: this must be the right one.', text: checkDatabase(database) },
    ...groups.map(({ about, name, rights }) => ({
      why: `Group ${name} ${about}. Rights are given when it is made; what people change of them later stays.`,
      text: makeGroup(name, rights),
    })),
    ...(migrates
      ? [{ why: 'Migrations make schemas, and tables in the schema public.', text: grantDefinitions(database) }]
      : []),
    ...(roles.length > 0
      ? [
          {
            why: 'What these roles have of another kind of role is taken away, and memberships that are of no use.',
            text: takeAway(roles, iam),
          },
        ]
      : []),
    ...roles.flatMap((role) => [
      { why: `Role ${role.name}: ${KINDS[role.kind].about}.`, text: makeRole(role, database, iam) },
      // Not in the block: an error tells where in a block it was, verifier and all.
      ...(role.verifier === undefined
        ? []
        : [{ why: 'What the server keeps of its password.', text: setVerifier(role.name, role.verifier) }]),
    ]),
  ];
}

/** PostgreSQL cuts longer names off, and would then find none of that name. */
const MAX_NAME_BYTES = 63;

function checkNames(database: string, roles: readonly string[]): void {
  const refuse = (name: string, why: string) => {
    throw new ReadfleetError('READFLEET_ROLES_NAMES', `the name ${JSON.stringify(name)} ${why}`);
  };
  for (const name of [database, ...roles]) {
    const bytes = Buffer.byteLength(name);
    if (bytes < 1 || bytes > MAX_NAME_BYTES || name.includes('\0'))
      refuse(name, `must have 1 to ${MAX_NAME_BYTES} bytes, and none of them 0: shorten it.`);
  }
  const taken = new Set([...GROUPS.map(({ name }) => name), IAM_GROUP]);
  for (const name of roles) {
    if (taken.has(name)) refuse(name, 'is that of a group, or of two roles: give each role a name of its own.');
    taken.add(name);
  }
}

function checkDatabase(database: string): string {
  const name = escapeLiteral(database);
  return block(`
BEGIN
  IF current_database() <> ${name} THEN
    RAISE EXCEPTION 'this is database %, and the roles are for database %', current_database(), ${name};
  END IF;
END`);
}

function makeGroup(name: string, rights: readonly string[]): string {
  return block(`
BEGIN
  IF to_regrole('${name}') IS NULL THEN
    CREATE ROLE ${name} NOLOGIN;
    GRANT ${rights.join(', ')} TO ${name};
  END IF;
END`);
}

/** Who grants what is not theirs to grant gets a warning, and no error: so it is looked at again. */
function grantDefinitions(database: string): string {
  const group = KINDS.owner.group;
  return block(`
BEGIN
  GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO ${group};
  IF to_regnamespace('public') IS NOT NULL THEN
    GRANT USAGE, CREATE ON SCHEMA public TO ${group};
  END IF;
  IF NOT has_database_privilege('${group}', ${escapeLiteral(database)}, 'CREATE')
     OR NOT has_schema_privilege('${group}', to_regnamespace('public'), 'CREATE') THEN
    RAISE EXCEPTION 'the owner of database and schema public must grant CREATE on both to ${group}';
  END IF;
END`);
}

function takeAway(roles: readonly Role[], iam: boolean): string {
  const names = list(roles.map(({ name }) => name));
  const kinds = Object.values(KINDS);
  const groups = [...new Set([...kinds.map(({ group }) => group), ...(iam ? [IAM_GROUP] : [])])];
  const settings = kinds.flatMap(({ setting }) => setting ?? []);
  const memberships = roles.flatMap((role) => groupsOf(role, iam).map((group) => pair(role.name, group)));
  const right = roles.flatMap(({ kind, name }) => {
    const { setting } = KINDS[kind];
    return setting === undefined ? [] : [pair(name, setting)];
  });
  return block(`
DECLARE
  wrong record;
BEGIN
  FOR wrong IN
    SELECT granted.rolname AS granted, member.rolname AS member, grantor.rolname AS grantor
      FROM pg_auth_members AS membership
      JOIN pg_roles AS granted ON granted.oid = membership.roleid
      JOIN pg_roles AS member ON member.oid = membership.member
      LEFT JOIN pg_roles AS grantor ON grantor.oid = membership.grantor
     WHERE member.rolname IN (${names})
       AND granted.rolname IN (${list(groups)})
       AND ((member.rolname, granted.rolname) NOT IN (
              ${memberships.join(',\n              ')})
         -- Columns of PostgreSQL 16 and newer.
         OR 'false' IN (to_jsonb(membership)->>'inherit_option', to_jsonb(membership)->>'set_option'))
  LOOP
    EXECUTE format('REVOKE %I FROM %I', wrong.granted, wrong.member)
      || coalesce(' GRANTED BY ' || quote_ident(wrong.grantor), '');
  END LOOP;
  FOR wrong IN
    SELECT rolname AS role, split_part(setting, '=', 1) AS name
      FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) AS setting
     WHERE setdatabase = 0 AND rolname IN (${names})
       AND setting IN (${list(settings)})${right.length > 0 ? `\n       AND (rolname, setting) NOT IN (${right.join(', ')})` : ''}
  LOOP
    EXECUTE format('ALTER ROLE %I RESET %I', wrong.role, wrong.name);
  END LOOP;
END`);
}

function makeRole(role: Role, database: string, iam: boolean): string {
  const name = escapeIdentifier(role.name);
  const { setting } = KINDS[role.kind];
  const lines = [
    `IF to_regrole(${regrole(role.name)}) IS NULL THEN`,
    `  CREATE ROLE ${name} LOGIN;`,
    `ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(role.name)} AND NOT (rolcanlogin AND rolinherit)) THEN`,
    `  ALTER ROLE ${name} LOGIN INHERIT;`,
    'END IF;',
    `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name};`,
    ...groupsOf(role, iam).flatMap((group) => [
      `IF '${group}' <> ALL (belongs)${group === IAM_GROUP ? ` AND to_regrole('${group}') IS NOT NULL` : ''} THEN`,
      `  GRANT ${group} TO ${name};`,
      'END IF;',
    ]),
    ...(setting === undefined
      ? []
      : [
          `IF '${setting}' <> ALL (begins) THEN`,
          `  ALTER ROLE ${name} SET ${setting.replace('=', ' = ')};`,
          'END IF;',
        ]),
  ];
  return block(`
DECLARE
  belongs CONSTANT text[] := ARRAY(
    SELECT rolname FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = roleid
     WHERE member = to_regrole(${regrole(role.name)}));${
       setting === undefined
         ? ''
         : `
  begins CONSTANT text[] := ARRAY(
    SELECT unnest(setconfig) FROM pg_db_role_setting
     WHERE setrole = to_regrole(${regrole(role.name)}) AND setdatabase = 0);`
     }
BEGIN
${lines.map((line) => `  ${line}`).join('\n')}
END`);
}

function setVerifier(name: string, verifier: string): string {
  return `ALTER ROLE ${escapeIdentifier(name)} PASSWORD ${escapeLiteral(verifier)}`;
}

/** What a role belongs to. */
function groupsOf({ kind }: Role, iam: boolean): string[] {
  const { group, login } = KINDS[kind];
  return [...(iam && login === 'iam' ? [IAM_GROUP] : []), group];
}

/** `to_regrole` takes what SQL takes for a name: quoted, so that capitals stay. */
function regrole(name: string): string {
  return escapeLiteral(escapeIdentifier(name));
}

function list(texts: readonly string[]): string {
  return texts.map(escapeLiteral).join(', ');
}

function pair(name: string, what: string): string {
  return `(${escapeLiteral(name)}, ${escapeLiteral(what)})`;
}

/** An anonymous block, between marks that are not in it, whatever names are. */
function block(body: string): string {
  let mark = '$$';
  for (let count = 1; body.includes(mark); count += 1) mark = `$readfleet${count}$`;
  return `DO ${mark}${body}\n${mark}`;
}
