import type { Environment } from '../../../constructs';
import type { Relation } from '../../../terraform';
import { type RelationsOf, type Stack, some, text } from './stack';

const METRIC_ALARM = 'aws_cloudwatch_metric_alarm';
const COMPOSITE = 'aws_cloudwatch_composite_alarm';

/** Each member has its alarms, each alarm is heard, and what is heard is told. */
export const alarmRelations: RelationsOf = (environment, stack) => {
  if (!environment.alarms.enabled) return [];
  const topic = 'aws_sns_topic.alarms.arn';
  return [
    ...serversOf(environment).flatMap(({ name, identifier }) => [
      watched(stack, `${name}'s CPU`, 'CPUUtilization', { DBInstanceIdentifier: identifier }),
      watched(stack, `${name}'s connections`, 'DatabaseConnections', { DBInstanceIdentifier: identifier }),
    ]),
    ...lagAlarms(environment, stack),
    ...stack.all(METRIC_ALARM).map((address) => heard(stack, address, topic)),
    ...stack.all(COMPOSITE).map((address) => ({
      name: `${address} goes to the topic`,
      condition: `contains(${address}.alarm_actions, ${topic})`,
    })),
    { name: 'the policy is of the topic', condition: `aws_sns_topic_policy.alarms.arn == ${topic}` },
    {
      name: 'every subscription is of the topic, and there is one for each that the environment names',
      condition:
        `[for one in [${stack.all('aws_sns_topic_subscription').join(', ')}] : one.endpoint if one.topic_arn == ${topic}] == ` +
        `[${environment.alarms.subscriptions.map((one) => text(one.kind === 'email' ? one.address : one.url)).join(', ')}] && ${topic} != ""`,
    },
    ...stack.all('aws_db_event_subscription').map((address) => ({
      name: `${address} goes to the topic`,
      condition: `${address}.sns_topic == ${topic}`,
    })),
  ];
};

/** Lag and health of each reader: of what the emitter measures, or of what Aurora does itself. */
function lagAlarms(environment: Environment, stack: Stack): Relation[] {
  const { fleet, name: environmentName, topology } = environment;
  if (topology === 'aurora') {
    return Object.keys(environment.readers).map((reader) =>
      watched(stack, `${reader}'s lag`, 'AuroraReplicaLag', {
        DBInstanceIdentifier: `${fleet}-${environmentName}-${reader}`,
      }),
    );
  }
  const readers = serversOf(environment).filter(({ name }) => topology === 'multi-az-cluster' || name !== 'primary');
  return readers.flatMap(({ name }) =>
    ['replica_lag_seconds', 'replica_health'].map((metric) =>
      watched(stack, `${name}'s ${metric}`, metric, { Fleet: fleet, Environment: environmentName, Member: name }),
    ),
  );
}

/** Every server, by the identifier that CloudWatch has as dimension. */
function serversOf(environment: Environment): readonly { readonly name: string; readonly identifier: string }[] {
  const names =
    environment.topology === 'instances'
      ? ['primary', ...Object.keys(environment.replicas)]
      : environment.topology === 'aurora'
        ? ['primary', ...Object.keys(environment.readers)]
        : ['instance-1', 'instance-2', 'instance-3'];
  return names.map((name) => ({ name, identifier: `${environment.fleet}-${environment.name}-${name}` }));
}

function watched(stack: Stack, what: string, metric: string, dimensions: Readonly<Record<string, string>>): Relation {
  const wanted = Object.entries(dimensions).map(
    ([key, value]) => `lookup(%.dimensions, ${text(key)}, "") == ${text(value)}`,
  );
  const condition = [`%.metric_name == ${text(metric)}`, ...wanted].join(' && ');
  const alarms = stack.all(METRIC_ALARM).filter((address) => stack.said(address)?.metric_name === metric);
  return {
    name: `${what} has an alarm`,
    // Without any alarm of the metric there is nothing to ask, and Terraform wants a reference.
    condition:
      alarms.length === 0
        ? 'aws_sns_topic.alarms.arn == "no alarm of this metric"'
        : some(alarms.map((address) => `(${condition.replaceAll('%', address)})`)),
  };
}

/** An alarm that nobody is told of is told of by a composite alarm, or decides where a name leads. */
function heard(stack: Stack, address: string, topic: string): Relation {
  const composites = stack
    .all(COMPOSITE)
    .map((one) => `strcontains(${one}.alarm_rule, "\\"\${${address}.alarm_name}\\"")`);
  const checks = stack
    .all('aws_route53_health_check')
    .map((check) => `try(${check}.cloudwatch_alarm_name == ${address}.alarm_name, false)`);
  return {
    name: `${address} is heard`,
    condition: some([`try(contains(${address}.alarm_actions, ${topic}), false)`, ...composites, ...checks]),
  };
}
