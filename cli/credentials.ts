import { readFile } from 'node:fs/promises';
import type { ContractAuth, FleetContract } from '../lib/contract';
import type { ConnectOptions } from '../lib/options';
import type { Io } from './io';
import { passwordsFrom } from './password-command';
import { UsageError } from './usage-error';

/** Options of every command that connects. */
export const LOGIN_OPTIONS = {
  contract: { type: 'string' },
  user: { type: 'string' },
  ca: { type: 'string' },
} as const;

export const LOGIN_HELP = `  --user <role>       whom to connect as (default: the contract's user)
  --ca <file>         authorities to trust, as PEM (default: Amazon's for hosts of RDS, else Node's)

Passwords never stand among the arguments. The first of these that is there:
  READFLEET_PASSWORD_COMMAND  a command that prints it, run for each member with PGHOST, PGPORT and PGUSER
  READFLEET_PASSWORD          the password
  the contract's own          of a local fleet
  PGPASSWORD                  the password`;

/** How to log in: what `connect()` takes of it. */
export type Login = Required<Pick<ConnectOptions, 'user' | 'password'>> & Pick<ConnectOptions, 'ca'>;

/**
 * @param asked `--user` and `--ca`
 * @throws UsageError when there is no user or no password, with how to get one
 */
export async function loginFor(
  contract: FleetContract,
  asked: { readonly user?: string | undefined; readonly ca?: string | undefined },
  { env }: Pick<Io, 'env'>,
): Promise<Login> {
  const user = asked.user ?? userOf(contract.auth);
  if (user === undefined) {
    throw new UsageError(
      'Whom to connect as? The contract names a secret only. Name the role with --user, and its password in READFLEET_PASSWORD.',
    );
  }
  const password = passwordFor(contract, user, env);
  if (password === undefined) throw new UsageError(howToGetIn(contract, user));
  return { user, password, ...(asked.ca !== undefined && { ca: await readAuthorities(asked.ca) }) };
}

function passwordFor(contract: FleetContract, user: string, env: Io['env']): Login['password'] | undefined {
  const command = env.READFLEET_PASSWORD_COMMAND;
  if (command) return passwordsFrom(command, contract, user, env);
  if (env.READFLEET_PASSWORD) return env.READFLEET_PASSWORD;
  const { auth } = contract;
  if (auth.kind === 'password' && auth.user === user) return auth.password;
  return env.PGPASSWORD || undefined;
}

function userOf(auth: ContractAuth): string | undefined {
  return auth.kind === 'secret' ? undefined : auth.user;
}

function howToGetIn({ auth, fleet, environment }: FleetContract, user: string): string {
  const about = `No password for role ${user} of fleet ${fleet}/${environment}.`;
  if (auth.kind !== 'iam') return `${about} Put it into READFLEET_PASSWORD.`;
  return (
    `${about} It logs in with IAM: a token for each member, good for 15 minutes. Have one made for each:\n` +
    `  export READFLEET_PASSWORD_COMMAND='aws rds generate-db-auth-token --hostname "$PGHOST" --port "$PGPORT" --username "$PGUSER"'\n` +
    'Or, for a role that has a password, put it into READFLEET_PASSWORD and name the role with --user.'
  );
}

async function readAuthorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file} cannot be read: ${(error as Error).message}`);
  }
}
