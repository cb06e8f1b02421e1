import type { AlarmSubscription } from '../../../constructs/environment';
import { tf } from '../support/synth';
import { ACCOUNT, fleet, KEY_ARN, synthesised } from './support';

const subscribed = (subscriptions: readonly AlarmSubscription[]) =>
  synthesised(fleet('instances', { settings: { ...fleet().settings, subscriptions } }));
const stack = synthesised();

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition: unknown;
}

const statements = (synthesised = stack) => {
  const { policy } = synthesised.one('aws_sns_topic_policy', 'alarms');
  return (JSON.parse(String(policy)) as { Statement: readonly Statement[] }).Statement;
};

test("the topic is encrypted with the fleet's key, and waits for what lets alarms use it", () => {
  const after = [{ fqn: 'aws_kms_key_policy.fleet' }];

  expect(synthesised(fleet('instances', { after })).one('aws_sns_topic', 'alarms')).toMatchObject({
    name: 'orders-test-alarms',
    kms_master_key_id: KEY_ARN,
    depends_on: ['aws_kms_key_policy.fleet'],
  });
});

test('alarms of this fleet and events of its databases may publish, of this account alone', () => {
  const publish = { Effect: 'Allow', Action: 'sns:Publish', Resource: tf('aws_sns_topic.alarms.arn') };
  const account = { 'aws:SourceAccount': ACCOUNT };

  expect(statements().filter(({ Effect }) => Effect === 'Allow')).toEqual([
    {
      ...publish,
      Sid: 'Alarms',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: {
        StringEquals: account,
        ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:eu-central-1:${ACCOUNT}:alarm:orders-test-*` },
      },
    },
    {
      ...publish,
      Sid: 'Events',
      Principal: { Service: 'events.rds.amazonaws.com' },
      Condition: {
        StringEquals: account,
        ArnLike: { 'aws:SourceArn': `arn:aws:rds:eu-central-1:${ACCOUNT}:*:orders-test*` },
      },
    },
  ]);
});

test('nobody publishes in plain text', () => {
  expect(statements().filter(({ Effect }) => Effect === 'Deny')).toEqual([
    expect.objectContaining({
      Principal: '*',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ]);
});

test('the partition is that of the region', () => {
  const [alarms] = statements(synthesised(fleet('instances', { region: 'cn-north-1' })));

  expect(JSON.stringify(alarms?.Condition)).toContain('arn:aws-cn:cloudwatch:cn-north-1:');
});

test('every subscription is one, named by what it is and not by its place', () => {
  const email = { kind: 'email', address: 'oncall@example.com' } as const;
  const https = { kind: 'https', url: 'https://alarms.example.com/in' } as const;
  const both = subscribed([email, https]).resource.aws_sns_topic_subscription ?? {};

  expect(Object.values(both)).toEqual([
    expect.objectContaining({
      protocol: 'email',
      endpoint: 'oncall@example.com',
      topic_arn: tf('aws_sns_topic.alarms.arn'),
    }),
    expect.objectContaining({ protocol: 'https', endpoint: 'https://alarms.example.com/in' }),
  ]);
  expect(Object.keys(both)).toEqual([
    expect.stringMatching(/^alarms-email-[0-9a-f]{8}$/),
    expect.stringMatching(/^alarms-https-[0-9a-f]{8}$/),
  ]);
  expect(Object.keys(subscribed([https]).resource.aws_sns_topic_subscription ?? {})).toEqual([Object.keys(both)[1]]);
});

test('without subscriptions the topic is there, and nobody listens', () => {
  expect(stack.resource.aws_sns_topic_subscription).toBeUndefined();
});
