import { Aspects, TerraformStack, Testing } from 'cdktf';
import { Alarms, type AlarmsProps } from '../../../constructs/alarms/alarms';
import type { CompositeSpec } from '../../../constructs/alarms/composites';
import type { Expression } from '../../../constructs/alarms/expression';
import { type FleetAlarmsProps, fleetAlarms } from '../../../constructs/alarms/fleet-alarms';
import { awsProvider } from '../../../constructs/aws-provider';
import { memberIdentifier } from '../../../constructs/environment';
import { alarmThresholds } from '../../../constructs/environment/defaults';
import type { FleetInstance, FleetMember, FleetMembers } from '../../../constructs/members';
import { Policies } from '../../../constructs/policies/policies';
import { Tags } from '../../../constructs/tags';
import type { Topology } from '../../../lib/contract';
import { testApp } from '../support/app';
import { type Attributes, parse, type Synthesised } from '../support/synth';

export const ACCOUNT = '111122223333';
export const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1';

const EMITTER = {
  functionName: 'orders-test-emitter',
  ruleName: 'orders-test-emitter-rule',
  deadLetterQueueName: 'orders-test-emitter-failed',
};

/** Members as each topology returns them. */
export function members(topology: Topology, readers: readonly string[] = ['blue', 'green']): FleetMembers {
  const instance = (name: string): FleetInstance => ({
    name,
    identifier: memberIdentifier('orders', 'test', name),
    canWrite: topology !== 'instances' || name === 'primary',
  });
  const member = (name: string): FleetMember => ({
    name,
    host: `${name}.example`,
    port: 5432,
    resourceId: `db-${name}`,
  });
  return {
    topology,
    writer: member('primary'),
    readers: readers.map(member),
    instances: (topology === 'multi-az-cluster' ? readers : ['primary', ...readers]).map(instance),
    connectResourceIds: [],
    masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:1',
    ready: [],
    proxyTarget: { kind: topology === 'instances' ? 'instance' : 'cluster', identifier: 'orders-test' },
    ...(topology === 'aurora' ? {} : { storageGiB: 400 }),
    ...(topology === 'instances' ? { parameterGroupName: 'orders-test-postgres17' } : {}),
  };
}

/** A fleet of a topology with all that can be watched. */
export function fleet(topology: Topology = 'instances', changes: Partial<AlarmsProps> = {}): AlarmsProps {
  return {
    fleet: 'orders',
    environment: 'test',
    region: 'eu-central-1',
    members: members(topology, topology === 'multi-az-cluster' ? ['one', 'two', 'three'] : undefined),
    lag: { warningSeconds: 1, criticalSeconds: 5 },
    emitter: topology === 'aurora' ? undefined : EMITTER,
    proxy: { proxyName: 'orders-test' },
    settings: { enabled: true, subscriptions: [], thresholds: alarmThresholds(400) },
    maxConnections: 1000,
    accountId: ACCOUNT,
    keyArn: KEY_ARN,
    after: [],
    ...changes,
  };
}

/** The alarms of a fleet as Terraform's JSON. */
export function synthesised(props: AlarmsProps = fleet()): Synthesised {
  const stack = new TerraformStack(testApp(), 'test');
  awsProvider(stack, { region: props.region, offline: false });
  new Alarms(stack, 'alarms', props);
  // As in a whole stack: what they refuse fails here.
  Aspects.of(stack).add(new Tags({ Fleet: props.fleet }));
  Aspects.of(stack).add(new Policies());
  return parse(Testing.synth(stack, true));
}

export function metricAlarms(stack: Synthesised): Readonly<Record<string, Attributes>> {
  return stack.resource.aws_cloudwatch_metric_alarm ?? {};
}

export function compositeAlarms(stack: Synthesised): Readonly<Record<string, Attributes>> {
  return stack.resource.aws_cloudwatch_composite_alarm ?? {};
}

/** One alarm by its name within the fleet. */
export function alarm(stack: Synthesised, name: string): Attributes {
  return stack.one('aws_cloudwatch_metric_alarm', `alarm-${name}`);
}

/** The alarms of a fleet as data. */
export function specified(props: AlarmsProps): ReturnType<typeof fleetAlarms> {
  const specified: FleetAlarmsProps = { ...props, thresholds: props.settings.thresholds };
  return fleetAlarms(specified);
}

/** Whether an expression holds while these alarms are on. */
export function holds(expression: Expression, on: ReadonlySet<string>): boolean {
  if ('alarm' in expression) return on.has(expression.alarm);
  if ('not' in expression) return !holds(expression.not, on);
  if ('any' in expression) return expression.any.some((one) => holds(one, on));
  return expression.all.every((one) => holds(one, on));
}

/** What people are told of while these alarms are on. */
export function told(composites: readonly CompositeSpec[], on: readonly string[]): readonly string[] {
  const set = new Set(on);
  return composites.filter(({ rule }) => holds(rule, set)).map(({ name }) => name);
}
