import type { Relation } from '../../../terraform';
import { membersOf } from './members';
import { type RelationsOf, type Stack, text } from './stack';

/** Functions run with their own role, in the fleet's network, and are told of the members that there are. */
export const functionRelations: RelationsOf = (environment, stack) => [
  ...stack.all('aws_lambda_function').flatMap((address) => surroundings(stack, address)),
  ...(stack.has('aws_lambda_function.emitter') && environment.topology !== 'aurora'
    ? emitterRelations(membersOf(environment, stack), environment.emitter.user)
    : []),
  ...(stack.has('aws_lambda_function.bootstrap')
    ? bootstrapRelations(stack, environment.topology === 'instances')
    : []),
];

function surroundings(stack: Stack, address: string): Relation[] {
  const name = address.split('.')[1];
  const role = `aws_iam_role.${name}`;
  const policy = `aws_iam_role_policy.${name}`;
  const log = `aws_cloudwatch_log_group.${name}`;
  return [
    { name: `${address} has its role`, condition: `${address}.role == ${role}.arn` },
    { name: `the policy is of the role of ${address}`, condition: `${policy}.role == ${role}.name` },
    {
      name: `${address} writes its own log`,
      condition:
        `one(${address}.logging_config).log_group == ${log}.name && ` +
        `strcontains(${policy}.policy, "\\"\${${log}.arn}:*\\"")`,
    },
    {
      name: `${address} may decrypt with the fleet's key`,
      condition: `strcontains(${policy}.policy, "\\"\${aws_kms_key.fleet.arn}\\"")`,
    },
    {
      name: `${address} is in the functions' security group, which the members let in`,
      condition:
        `toset(one(${address}.vpc_config).security_group_ids) == toset([aws_security_group.functions.id]) && ` +
        'aws_vpc_security_group_ingress_rule.members-from-functions.referenced_security_group_id == aws_security_group.functions.id',
    },
    ...(stack.has('aws_subnet.private-eu-central-1a')
      ? [
          {
            name: `${address} is in the fleet's subnets`,
            condition: `toset(one(${address}.vpc_config).subnet_ids) == toset(aws_db_subnet_group.fleet.subnet_ids)`,
          },
        ]
      : []),
  ];
}

function emitterRelations(members: ReturnType<typeof membersOf>, user: string): Relation[] {
  const lambda = 'aws_lambda_function.emitter';
  const told = `jsondecode(one(${lambda}.environment).variables["READFLEET_CONTRACT"])`;
  const [writer, ...readers] = members;
  const queue = 'aws_sqs_queue.emitter-failed';
  return [
    {
      name: 'the emitter is told of every member',
      condition: `concat([${told}.writer.host], ${told}.readers[*].host) == [${[writer, ...readers].map((one) => one?.host).join(', ')}]`,
    },
    ...[...new Set(members.map(({ resourceId }) => resourceId))].map((resourceId) => ({
      name: `the emitter may connect to ${resourceId} as its own role`,
      condition: `strcontains(aws_iam_role_policy.emitter.policy, ":dbuser:\${${resourceId}}/${user}\\"")`,
    })),
    {
      name: 'the emitter is called each minute, and may be',
      condition:
        `aws_cloudwatch_event_target.emitter.arn == ${lambda}.arn && ` +
        'aws_cloudwatch_event_target.emitter.rule == aws_cloudwatch_event_rule.emitter.name && ' +
        `aws_lambda_permission.emitter.function_name == ${lambda}.function_name && ` +
        'aws_lambda_permission.emitter.source_arn == aws_cloudwatch_event_rule.emitter.arn',
    },
    {
      name: 'what fails goes to the queue, and the alarm looks at that queue',
      condition:
        `one(${lambda}.dead_letter_config).target_arn == ${queue}.arn && ` +
        `aws_sqs_queue_policy.emitter-failed.queue_url == ${queue}.id && ` +
        `aws_cloudwatch_metric_alarm.alarm-emitter-dead-letters.dimensions["QueueName"] == ${queue}.name`,
    },
    {
      name: 'the alarms on the emitter look at this emitter',
      condition: `aws_cloudwatch_metric_alarm.alarm-emitter-errors.dimensions["FunctionName"] == ${lambda}.function_name`,
    },
  ];
}

function bootstrapRelations(stack: Stack, instances: boolean): Relation[] {
  const lambda = 'aws_lambda_function.bootstrap';
  const told = `jsondecode(one(${lambda}.environment).variables["READFLEET_BOOTSTRAP"])`;
  const host = instances ? 'aws_db_instance.primary.address' : 'aws_rds_cluster.fleet.endpoint';
  const secret = instances
    ? 'aws_secretsmanager_secret.master.arn'
    : 'aws_rds_cluster.fleet.master_user_secret[0].secret_arn';
  return [
    { name: 'the bootstrap is told of the writer', condition: `${told}.host == ${host}` },
    {
      name: 'the bootstrap logs in with the master secret, which it may read',
      condition: `${told}.masterSecretArn == ${secret} && strcontains(aws_iam_role_policy.bootstrap.policy, ${secret})`,
    },
    {
      name: 'the bootstrap is called',
      condition: `aws_lambda_invocation.bootstrap.function_name == ${lambda}.function_name`,
    },
    ...(stack.has('aws_secretsmanager_secret.proxy')
      ? [
          {
            name: "the bootstrap gives the proxy's role the password in the proxy's secret",
            condition:
              `[for role in ${told}.roles : role.secretArn if role.kind == ${text('proxy')}] == [aws_secretsmanager_secret.proxy.arn] && ` +
              'strcontains(aws_iam_role_policy.bootstrap.policy, aws_secretsmanager_secret.proxy.arn)',
          },
        ]
      : []),
    ...(stack.has('aws_vpc_endpoint.secrets')
      ? [
          {
            name: 'the bootstrap finds Secrets Manager at the endpoint, which lets it in',
            condition:
              `${told}.secretsEndpoint == "https://\${aws_vpc_endpoint.secrets.dns_entry[0].dns_name}" && ` +
              'contains(aws_vpc_endpoint.secrets.security_group_ids, aws_security_group.secrets.id) && ' +
              'aws_vpc_security_group_ingress_rule.secrets-from-functions.referenced_security_group_id == aws_security_group.functions.id',
          },
        ]
      : []),
  ];
}
