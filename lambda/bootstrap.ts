import { Client, type ClientConfig } from 'pg';
import { type Clock, systemClock } from '../lib/clock';
import { messageOf, ReadfleetError } from '../lib/errors';
import { LOCK_STATEMENT, type Role, roleStatements } from '../lib/roles';
import { regionalAuthorities } from './authorities';
import { type BootstrapSettings, parseSettings, type RoleToMake } from './bootstrap-settings';
import { patiently } from './patience';
import { isPlainAscii, scramVerifier } from './scram';
import { type Login, readLogin, type SecretReader, secretsManager } from './secrets';

/** A fresh primary's name takes a while to be known everywhere; less than the function's own limit. */
const PATIENCE = { limitMs: 90_000, pauseMs: 2_000 };
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 20_000;

/** What the call returns. It ends up in Terraform's state, so there is nothing secret in it. */
export interface BootstrapResult {
  /** By name: whether the role was made, or was there and was looked after. */
  readonly roles: Readonly<Record<string, 'made' | 'kept'>>;
}

/** What the bootstrap needs of the world; for tests. */
export interface BootstrapSurroundings {
  readonly secrets: SecretReader;
  readonly clock: Clock;
}

/**
 * The Lambda function that makes the fleet's PostgreSQL roles, and repairs them. To call it again changes nothing that is right.
 *
 * What to do comes from the environment variable `READFLEET_BOOTSTRAP`, as JSON.
 *
 * @throws ReadfleetError with what to do about it; the deployment shows the message
 */
export async function handler(): Promise<BootstrapResult> {
  const settings = parseSettings(process.env.READFLEET_BOOTSTRAP);
  const secrets = secretsManager(settings.region, settings.secretsEndpoint);
  return bootstrap(settings, { secrets, clock: systemClock });
}

/** Makes the roles, all or none. */
export async function bootstrap(
  settings: BootstrapSettings,
  { secrets, clock }: BootstrapSurroundings,
): Promise<BootstrapResult> {
  const master = await readLogin(secrets, settings.masterSecretArn, 'the master user');
  const wanted = await Promise.all(settings.roles.map((role) => withVerifier(role, secrets)));
  const client = await connect(settings, master, clock);
  try {
    return await makeRoles(client, wanted, settings.database);
  } finally {
    await client.end();
  }
}

async function withVerifier(role: RoleToMake, secrets: SecretReader): Promise<Role> {
  if (role.kind !== 'proxy' || role.secretArn === undefined) return role;
  const { username, password } = await readLogin(secrets, role.secretArn, `role ${role.name}`);
  const refuse = (why: string) => {
    throw new ReadfleetError(
      'READFLEET_BOOTSTRAP_SECRET',
      `the secret of role ${role.name} (${role.secretArn}): ${why}`,
    );
  };
  if (username !== role.name) refuse(`it is of another role, ${username}. Raise its password version, and deploy.`);
  if (!isPlainAscii(password)) refuse('its password must be printable ASCII: not all clients read others alike.');
  return { ...role, verifier: scramVerifier(password) };
}

async function connect(settings: BootstrapSettings, master: Login, clock: Clock): Promise<Client> {
  const config: ClientConfig = {
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: master.username,
    password: master.password,
    application_name: 'readfleet-bootstrap',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    ssl:
      settings.tls === 'verify-full' ? { rejectUnauthorized: true, ca: regionalAuthorities(settings.region) } : false,
  };
  try {
    return await patiently(
      async () => {
        const client = new Client(config);
        // One that breaks while it is used fails its statement; without a listener it would end the process as well.
        client.on('error', () => undefined);
        await client.connect();
        return client;
      },
      { ...PATIENCE, clock },
    );
  } catch (cause) {
    throw new ReadfleetError(
      'READFLEET_BOOTSTRAP_UNREACHABLE',
      `the primary at ${settings.host}:${settings.port} let ${master.username} not in: ${messageOf(cause)}. ${adviceFor(cause)}`,
      { cause },
    );
  }
}

function adviceFor(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  if (code === '28P01')
    return "The master's secret and the server disagree: raise database.masterPasswordVersion, and deploy.";
  return "Look at the primary's state and at the security groups of functions and members, then deploy again.";
}

async function makeRoles(client: Client, wanted: readonly Role[], database: string): Promise<BootstrapResult> {
  const names = wanted.map(({ name }) => name);
  const statements = roleStatements({ database, roles: wanted });
  let statement = '';
  try {
    await client.query('BEGIN');
    await client.query(LOCK_STATEMENT);
    const { rows } = await client.query<{ name: string }>(
      'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)',
      [names],
    );
    for ({ text: statement } of statements) await client.query(statement);
    await client.query('COMMIT');
    const found = new Set(rows.map(({ name }) => name));
    return { roles: Object.fromEntries(names.map((name) => [name, found.has(name) ? 'kept' : 'made'])) };
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new ReadfleetError(
      'READFLEET_BOOTSTRAP_REFUSED',
      `no role was made or changed: ${messageOf(cause)}${refusedIn(statement, cause)}. ` +
        'Where a person made a role, its maker must grant the master user ADMIN OPTION on it, or drop it; then deploy again.',
      { cause },
    );
  }
}

/** The statement that was refused: PostgreSQL tells which of a block it is. A verifier is no password, but guesses can be tried against it. */
function refusedIn(statement: string, cause: unknown): string {
  const { where } = (cause ?? {}) as { where?: unknown };
  const inBlock = typeof where === 'string' ? /^SQL statement "(.*)"$/ms.exec(where)?.[1] : undefined;
  if (statement.startsWith('DO ')) return inBlock === undefined ? '' : `, in: ${inBlock}`;
  return statement === '' ? '' : `, in: ${statement.replace(/ PASSWORD '.*'$/s, ' PASSWORD …')}`;
}
