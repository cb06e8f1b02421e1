import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ContractMember, FleetContract } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';

const run = promisify(execFile);

/** An IAM token is good for 15 minutes. */
const GOOD_FOR_MS = 10 * 60_000;
const DEADLINE_MS = 30_000;

/**
 * Passwords from a command of the user's: run by the shell, once for each member, which it finds in its environment as PGHOST, PGPORT and
 * PGUSER, with AWS_REGION where the contract names a region.
 */
export function passwordsFrom(command: string, contract: FleetContract, user: string, env: NodeJS.ProcessEnv) {
  const known = new Map<string, { readonly password: Promise<string>; readonly at: number }>();
  return (member: ContractMember): Promise<string> => {
    const before = known.get(member.name);
    if (before && performance.now() - before.at < GOOD_FOR_MS) return before.password;
    const password = ask(command, contract, member, user, env);
    known.set(member.name, { password, at: performance.now() });
    return password;
  };
}

async function ask(
  command: string,
  contract: FleetContract,
  { name, host, port, region = contract.region }: ContractMember,
  user: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c'];
  const about = { PGHOST: host, PGPORT: String(port), PGUSER: user, ...(region && { AWS_REGION: region }) };
  try {
    const { stdout } = await run(shell, [flag, command], { env: { ...env, ...about }, timeout: DEADLINE_MS });
    const password = stdout.trim();
    if (password) return password;
    throw new Error('it printed nothing');
  } catch (cause) {
    const { stderr = '', message, killed } = cause as { stderr?: string; message: string; killed?: boolean };
    const why = killed ? `it took more than ${DEADLINE_MS / 1_000} s` : stderr.trim().split('\n').at(-1) || message;
    throw new ReadfleetError(
      'READFLEET_CLI_PASSWORD_COMMAND',
      `READFLEET_PASSWORD_COMMAND gave no password for ${name}: ${why}`,
      { cause },
    );
  }
}
