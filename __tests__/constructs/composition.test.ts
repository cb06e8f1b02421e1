import { TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import {
  awsProvider,
  EncryptionKey,
  type EngineMajor,
  Instances,
  InvalidConfigError,
  LOGICAL_ID_PREFIX,
  ParameterGroup,
  partitionOf,
  SecurityGroups,
  stateBackend,
  withDatabaseDefaults,
} from '../../constructs';
import { testApp } from './support/app';
import { MINIMAL } from './support/environments';
import { parse } from './support/synth';

/** A stack as an engineer with an own cdktf app writes it. */
function ownStack(): TerraformStack {
  const stack = new TerraformStack(testApp(), 'own');
  awsProvider(stack, { region: 'eu-central-1' });
  return stack;
}

function addFleet(stack: TerraformStack, id: string, prefix?: string): Instances {
  const scope = new Construct(stack, id);
  if (prefix !== undefined) scope.node.setContext(LOGICAL_ID_PREFIX, prefix);
  const key = new EncryptionKey(scope, 'key', { fleet: id, environment: 'own', region: 'eu-central-1' });
  return new Instances(scope, 'members', {
    fleet: id,
    environment: 'own',
    region: 'eu-central-1',
    database: withDatabaseDefaults(MINIMAL.database),
    replicas: { blue: { zone: 'eu-central-1a', weight: 1 } },
    subnetIds: ['subnet-1', 'subnet-2'],
    securityGroupIds: ['sg-1'],
    keyArn: key.arn,
  });
}

test("constructs can be composed in a stack of one's own, within constructs of one's own", () => {
  const stack = ownStack();
  const { members } = addFleet(stack, 'orders');
  const json = parse(Testing.synth(stack, true));

  expect(members.readers.map(({ name }) => name)).toEqual(['blue']);
  expect(Object.keys(json.resource.aws_db_instance ?? {})).toEqual(['primary', 'replica-blue']);
});

test('two fleets in one stack live side by side under a prefix', () => {
  const stack = ownStack();
  addFleet(stack, 'orders');
  addFleet(stack, 'billing', 'billing');
  const json = parse(Testing.synth(stack, true));

  expect(Object.keys(json.resource.aws_db_instance ?? {}).sort()).toEqual([
    'billing-primary',
    'billing-replica-blue',
    'primary',
    'replica-blue',
  ]);
  expect(json.one('aws_db_instance', 'billing-primary').password_wo).toContain('billing-master-password');
  expect(json.one('aws_secretsmanager_secret_version', 'billing-master').lifecycle).toEqual({
    replace_triggered_by: ['aws_db_instance.billing-primary.resource_id'],
  });
});

test('two fleets without a prefix are refused, where cdktf would melt them into one', () => {
  const stack = ownStack();
  addFleet(stack, 'orders');

  expect(() => addFleet(stack, 'billing')).toThrow(/have the logical id "fleet".*set a prefix/s);
});

test('a parameter group refuses what the catalogue refuses, and says where it stands', () => {
  const parameters = { work_mem: '1B', wrok_mem: '1MB' } as unknown as { work_mem: '1MB' };
  const make = () =>
    new ParameterGroup(ownStack(), 'settings', { name: 'own', engineMajor: 17 as EngineMajor, parameters });

  expect(make).toThrow(InvalidConfigError);
  expect(make).toThrow(/^own\/settings: 2 problems/);
});

test('security groups let in whom they are told, by group', () => {
  const stack = ownStack();
  new SecurityGroups(stack, 'groups', { name: 'own', vpcId: 'vpc-1' }).allowFrom({ securityGroupId: 'sg-9' });

  expect(Object.keys(parse(Testing.synth(stack)).resource.aws_vpc_security_group_ingress_rule ?? {})).toEqual([
    'members-from-clients',
    'members-from-sg-9',
  ]);
});

test("a local state lies in the project's folder, whatever machine it is", () => {
  const stack = ownStack();
  stateBackend(stack, { fleet: 'orders', environment: 'dev', region: 'eu-central-1', backend: { kind: 'local' } });

  expect(parse(Testing.synth(stack)).terraform.backend).toEqual({ local: { path: '../../../terraform.dev.tfstate' } });
});

test.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('%s is in the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
