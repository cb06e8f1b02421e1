import { createHash } from 'node:crypto';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AlarmSubscription } from '../environment';
import { policyDocument } from '../iam';
import { partitionOf } from '../partition';
import { pin } from '../pin';

export interface AlarmTopicProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  /** Account that the fleet is in (token). */
  readonly accountId: string;
  /** ARN of the fleet's key, which encrypts messages. */
  readonly keyArn: string;
  readonly subscriptions: readonly AlarmSubscription[];
  /** The key's policy: without it nobody can publish. */
  readonly after: readonly ITerraformDependable[];
}

/** Where alarms and events go, and on from there to people. */
export class AlarmTopic extends Construct {
  /** ARN (token). */
  readonly arn: string;
  /** What lets alarms and events in: RDS tries the topic when it is subscribed. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const name = `${props.name}-alarms`;
    const topic = pin(
      new SnsTopic(this, 'topic', { name, kmsMasterKeyId: props.keyArn, dependsOn: [...props.after] }),
      'alarms',
    );
    this.arn = topic.arn;
    const policy = pin(
      new SnsTopicPolicy(this, 'policy', { arn: topic.arn, policy: JSON.stringify(topicPolicy(topic.arn, props)) }),
      'alarms',
    );
    this.ready = [policy];

    for (const subscription of props.subscriptions) {
      const endpoint = subscription.kind === 'email' ? subscription.address : subscription.url;
      pin(
        new SnsTopicSubscription(this, `${subscription.kind} ${endpoint}`, {
          topicArn: topic.arn,
          protocol: subscription.kind,
          endpoint,
        }),
        // By what it is: to take one away touches no other. An address has characters that a logical id has not.
        `alarms-${subscription.kind}-${createHash('sha256').update(endpoint).digest('hex').slice(0, 8)}`,
      );
    }
  }
}

/** Alarms of this fleet and events of its databases, of this account, and nothing that was sent in plain text. */
function topicPolicy(topicArn: string, { accountId, name, region }: AlarmTopicProps) {
  const partition = partitionOf(region);
  const publish = { Action: 'sns:Publish', Resource: topicArn };
  const from = (sourceArn: string) => ({
    StringEquals: { 'aws:SourceAccount': accountId },
    ArnLike: { 'aws:SourceArn': sourceArn },
  });
  return policyDocument([
    {
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      ...publish,
      Condition: from(`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}-*`),
    },
    {
      // Of any type: instances, clusters, parameter groups, and the subscription itself.
      Sid: 'Events',
      Effect: 'Allow',
      Principal: { Service: 'events.rds.amazonaws.com' },
      ...publish,
      Condition: from(`arn:${partition}:rds:${region}:${accountId}:*:${name}*`),
    },
    {
      Sid: 'NoPlainText',
      Effect: 'Deny',
      Principal: '*',
      ...publish,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}
