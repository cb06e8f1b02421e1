import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { deadLetterQueueName } from '../environment/names';
import { policyDocument } from '../iam';
import { pin } from '../pin';

/** The longest that SQS keeps a message: long enough for whoever is back from a holiday. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

export interface DeadLettersProps {
  readonly fleet: string;
  readonly environment: string;
}

/** Where invocations end up that failed, or that could not be made. They hold a time and nothing of the data. */
export class DeadLetters extends Construct {
  /** A plain text. */
  readonly queueName: string;
  /** Token. */
  readonly queueArn: string;

  private readonly queueUrl: string;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    this.queueName = deadLetterQueueName(props.fleet, props.environment);
    const queue = pin(
      new SqsQueue(this, 'queue', {
        name: this.queueName,
        messageRetentionSeconds: RETENTION_SECONDS,
        // Not the fleet's key: EventBridge would have to be let use it, for a message without a secret.
        sqsManagedSseEnabled: true,
      }),
      'emitter-failed',
    );
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
  }

  /** Lets an EventBridge rule put here what it could not deliver, and everyone come by TLS alone. */
  takeFrom(ruleArn: string): SqsQueuePolicy {
    return pin(
      new SqsQueuePolicy(this, 'policy', {
        queueUrl: this.queueUrl,
        policy: JSON.stringify(
          policyDocument([
            {
              Sid: 'FromTheRule',
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: this.queueArn,
              Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
            },
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:*',
              Resource: this.queueArn,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ]),
        ),
      }),
      'emitter-failed',
    );
  }
}
