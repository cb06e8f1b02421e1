import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { pin } from '../pin';
import type { DeadLetters } from './dead-letters';
import type { FleetFunction } from './fleet-function';

/** The least that EventBridge takes. */
const MAX_EVENT_AGE_SECONDS = 60;

export interface EveryMinuteProps {
  readonly called: FleetFunction;
  /** For what could not be delivered. */
  readonly deadLetters: DeadLetters;
  /** What must be there before the first call. */
  readonly after: readonly ITerraformDependable[];
}

/** Calls a function each minute, which is EventBridge's shortest rate. A call that comes too late is not made. */
export class EveryMinute extends Construct {
  /** A plain text. */
  readonly ruleName: string;
  /** What must be there for it to be called. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { after, called, deadLetters }: EveryMinuteProps) {
    super(scope, id);
    this.ruleName = called.name;
    const rule = pin(
      new CloudwatchEventRule(this, 'rule', {
        name: this.ruleName,
        description: `Calls ${called.name}`,
        scheduleExpression: 'rate(1 minute)',
      }),
      'emitter',
    );
    const permission = pin(
      new LambdaPermission(this, 'permission', {
        statementId: 'EveryMinute',
        action: 'lambda:InvokeFunction',
        functionName: called.lambda.functionName,
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
      }),
      'emitter',
    );
    const queuePolicy = deadLetters.takeFrom(rule.arn);
    const target = pin(
      new CloudwatchEventTarget(this, 'target', {
        rule: rule.name,
        targetId: 'emitter',
        arn: called.arn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS },
        deadLetterConfig: { arn: deadLetters.queueArn },
        dependsOn: [permission, queuePolicy, ...after],
      }),
      'emitter',
    );
    this.ready = [target];
  }
}
