import { Client, type QueryResult } from 'pg';
import { type LocalFleet, startLocalFleet } from '../../local';

/** A master user like that of RDS: no superuser, owner of the database, with what `rds_superuser` may grant. */
export const MASTER = { user: 'fleet_admin', password: 'master-password' } as const;

const LIKE_RDS = [
  'create role rds_iam nologin',
  `create role ${MASTER.user} login createrole createdb password '${MASTER.password}'`,
  `grant rds_iam, pg_monitor, pg_read_all_data, pg_write_all_data to ${MASTER.user} with admin option`,
] as const;

/** A fleet of this machine with such a master user, and a table that somebody else made. */
export async function startRdsLike(replicas: readonly string[] = []): Promise<LocalFleet> {
  const local = await startLocalFleet({ replicas });
  const owner = `alter database ${local.contract.database} owner to ${MASTER.user}`;
  const table = ['create table orders (id serial, total int)', 'insert into orders (total) values (1)'];
  for (const statement of [...LIKE_RDS, owner, ...table]) await local.primary.query(statement);
  return local;
}

/** What `work` makes of a connection to the primary. */
export async function loggedIn<T>(
  local: LocalFleet,
  login: { readonly user: string; readonly password: string; readonly database?: string },
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { database, writer } = local.contract;
  const client = new Client({ host: writer.host, port: writer.port, database, ...login });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `text`, of one or many statements, as the master user. */
export function asMaster(local: LocalFleet, text: string): Promise<QueryResult> {
  return loggedIn(local, MASTER, (client) => client.query(text));
}

/** Roles, memberships, settings and rights: all that the roles of a fleet are, but for their passwords. */
export async function catalogue(local: LocalFleet): Promise<Record<string, unknown>> {
  const ask = (text: string) => local.primary.query(text);
  return {
    roles: await ask(
      `select rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit
         from pg_roles where rolname !~ '^pg_' order by 1`,
    ),
    memberships: await ask(
      `select member::regrole::text, roleid::regrole::text as granted, grantor::regrole::text,
              admin_option, inherit_option, set_option
         from pg_auth_members order by 1, 2, 3`,
    ),
    settings: await ask(
      `select setrole::regrole::text as role, datname, setconfig
         from pg_db_role_setting left join pg_database on pg_database.oid = setdatabase order by 1, 2`,
    ),
    databases: await ask(
      'select datname, datdba::regrole::text as owner, array(select unnest(datacl)::text order by 1) as rights from pg_database order by 1',
    ),
    schemas: await ask(
      `select nspname, nspowner::regrole::text as owner, array(select unnest(nspacl)::text order by 1) as rights from pg_namespace where nspname !~ '^pg_' order by 1`,
    ),
  };
}
