import { ROLE_KINDS, type Role, type RoleKind, rolesOf, rolesSql } from '../../lib/roles';
import { readArgs } from '../args';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { CONTRACT_HELP } from '../read-contract';
import { STATIC_HELP, STATIC_OPTIONS, staticContract } from '../static-contract';
import { UsageError } from '../usage-error';

const HELP = `readfleet sql: the PostgreSQL roles of a fleet, as a script

Usage: readfleet sql [options]
       readfleet sql | psql --dbname=<database> --set=ON_ERROR_STOP=1

  Prints what makes the roles of apps, people, migrations and the lag emitter, and repairs those that are there. It may
  be run as often as you like, on the primary, as the master user of RDS or a superuser. No password is in it. A
  deployment runs the same by itself.

Options:
${CONTRACT_HELP}
${STATIC_HELP}
  --role <kind>=<name>
                      another name for a role, e.g. app=orders_app; again for each
                      kinds: ${ROLE_KINDS.join(', ')}
  --database <name>   another database than the contract's; with it and --role, no contract is needed
  --no-iam            roles log in by password, also where the server knows IAM

Exit codes: 0 printed, 2 wrong use.
`;

export const sql: Command = {
  help: HELP,
  async run(args, io) {
    const { values } = readArgs(args, {
      ...STATIC_OPTIONS,
      role: { type: 'string', multiple: true },
      database: { type: 'string' },
      'no-iam': { type: 'boolean' },
    });
    const named = (values.role ?? []).map(roleOf);
    const isAlone =
      values.database !== undefined && named.length > 0 && (values.contract ?? values.environment) === undefined;
    const contract = isAlone ? undefined : (await staticContract(values, io)).contract;
    const roles = contract ? renamed(rolesOf(contract), named) : named;
    // One of both is there.
    const database = values.database ?? (contract?.database as string);
    io.out(rolesSql({ database, roles, iam: !values['no-iam'] }).trimEnd());
    return EXIT.well;
  },
};

function roleOf(text: string): Role {
  const [kind = '', name = ''] = text.split(/=(.*)/s);
  if (!ROLE_KINDS.includes(kind as RoleKind) || name === '') {
    throw new UsageError(`--role must be <kind>=<name>, with one of the kinds ${ROLE_KINDS.join(', ')}, got: ${text}`);
  }
  return { kind: kind as RoleKind, name };
}

/** Those of the contract under the names that were asked for; a kind that it has not, as well. */
function renamed(roles: readonly Role[], named: readonly Role[]): Role[] {
  const kept = roles.filter(({ kind }) => !named.some((other) => other.kind === kind));
  return [...kept, ...named].sort((one, other) => ROLE_KINDS.indexOf(one.kind) - ROLE_KINDS.indexOf(other.kind));
}
