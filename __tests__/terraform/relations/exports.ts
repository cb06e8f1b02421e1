import type { Environment } from '../../../constructs';
import { membersOf } from './members';
import { type RelationsOf, type Stack, text } from './stack';

/** What app teams are told is what was made. */
export const exportRelations: RelationsOf = (environment, stack) => {
  const [writer, ...readers] = membersOf(environment, stack);
  const policy = 'aws_iam_policy.client.policy';
  const { user, readOnlyUser, migrationUser } = environment.access;
  const resourceIds = [...new Set([writer, ...readers].map((member) => member?.resourceId))];
  return [
    {
      name: 'the contract names the writer',
      condition: `${contract}.writer.host == ${writer?.host} && ${contract}.writer.resourceId == ${writer?.resourceId}`,
    },
    ...readers.map(({ name, host, resourceId }) => ({
      name: `the contract names reader ${name}`,
      condition:
        `[for reader in ${contract}.readers : [reader.host, reader.resourceId] if reader.name == ${text(name)}] ` +
        `== [[${host}, ${resourceId}]]`,
    })),
    { name: 'the contract is told as an output too', condition: `output.contract == ${parameter('contract')}` },
    ...resourceIds.map((resourceId) => ({
      name: `the client policy lets apps connect to ${resourceId}`,
      condition: `strcontains(${policy}, ":dbuser:\${${resourceId}}/${user}\\"")`,
    })),
    ...resourceIds.map((resourceId) => ({
      name: `the policy read-only lets its bearer connect to ${resourceId}`,
      condition: `strcontains(aws_iam_policy.read-only.policy, ":dbuser:\${${resourceId}}/${readOnlyUser}\\"")`,
    })),
    {
      name: 'the policy migrations lets its bearer connect to the writer',
      condition: `strcontains(aws_iam_policy.migrations.policy, ":dbuser:\${${writer?.resourceId}}/${migrationUser}\\"")`,
    },
    ...(['contract', 'writer', 'reader', 'database'] as const).map((what) => ({
      name: `the client policy lets apps read the parameter ${what}`,
      condition: `strcontains(${policy}, ":parameter\${aws_ssm_parameter.${what}.name}\\"")`,
    })),
    ...hosts(environment, stack),
  ];
};

/** The contract as an app reads it. */
export const contract = `jsondecode(${parameter('contract')})`;

export function parameter(what: string): string {
  return `aws_ssm_parameter.${what}.insecure_value`;
}

/** For clients that take one name to write to and one to read from. */
function hosts(environment: Environment, stack: Stack) {
  const [writer, firstReader] = membersOf(environment, stack);
  const proxied = environment.proxy !== undefined;
  const write = proxied ? `${stack.one('aws_db_proxy')}.endpoint` : writer?.host;
  const readable = stack.all('aws_db_proxy_endpoint')[0];
  const named = environment.topology === 'instances' && environment.readName !== undefined;
  const clustered = environment.topology === 'instances' ? undefined : 'aws_rds_cluster.fleet.reader_endpoint';
  const read = readable
    ? `${readable}.endpoint`
    : named
      ? `${contract}.readName.host`
      : (clustered ?? firstReader?.host);
  return [
    { name: 'the parameter writer is where to write', condition: `${parameter('writer')} == ${write}` },
    ...(read
      ? [{ name: 'the parameter reader is where to read', condition: `${parameter('reader')} == ${read}` }]
      : []),
  ];
}
