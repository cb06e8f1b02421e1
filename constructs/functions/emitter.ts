import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractMember, FleetContract } from '../../lib/contract';
import type { EmitterSettings } from '../environment';
import { loginArn } from '../iam';
import type { FleetMembers } from '../members';
import { pin } from '../pin';
import { DeadLetters } from './dead-letters';
import { EveryMinute } from './every-minute';
import { FleetFunction, type FunctionSurroundings } from './fleet-function';

/** To the next invocation. The last sample is long done then, and a late one would be worth nothing. */
const TIMEOUT_SECONDS = 60;
/** A seventh of a processor: enough to open a TLS connection to each of 16 members at once. */
const MEMORY_MIB = 256;
/** The least that AWS takes. */
const MAX_EVENT_AGE_SECONDS = 60;

/** The members to measure, and how: as which role, and how often. */
export interface EmitterProps extends FunctionSurroundings {
  readonly settings: EmitterSettings;
  /** The apps' contract; the emitter takes what it needs of it. */
  readonly contract: FleetContract;
  readonly members: FleetMembers;
  /** What must be there first: the key's policy, the role in the database. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The Lambda function that measures replica lag, with all that it needs to run each minute.
 *
 * No concurrency is reserved for it: that would be taken from the account's share, of which a young account has none to spare,
 * and two invocations that overlap only tell the same twice. Nothing is tried again, since the next sample is due anyway.
 */
export class Emitter extends Construct {
  /** Plain texts, as CloudWatch's dimensions have them. */
  readonly functionName: string;
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  /** What makes it run each minute: who expects samples waits for it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EmitterProps) {
    super(scope, id);
    const { contract, environment, fleet, members, settings } = props;
    const deadLetters = new DeadLetters(this, 'dead-letters', { fleet, environment });
    const emitter = new FleetFunction(this, 'function', {
      ...props,
      code: 'emitter',
      description: `Measures the replica lag of the database fleet ${fleet}-${environment}`,
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMiB: MEMORY_MIB,
      logRetentionDays: settings.logRetentionDays,
      variables: {
        READFLEET_CONTRACT: JSON.stringify(emitterContract(contract, settings.user)),
        READFLEET_SAMPLE_SECONDS: String(settings.sampleSeconds),
        ...(settings.serverMetrics ? { READFLEET_SERVER_METRICS: 'true' } : {}),
        ...(settings.highResolution ? { READFLEET_HIGH_RESOLUTION: 'true' } : {}),
      },
      statements: [
        {
          Sid: 'ConnectAsTheEmitterAlone',
          Effect: 'Allow',
          Action: 'rds-db:connect',
          Resource: members.connectResourceIds.map((resourceId) => loginArn(props, resourceId, settings.user)),
        },
      ],
      deadLetterArn: deadLetters.queueArn,
    });
    const once = pin(
      new LambdaFunctionEventInvokeConfig(this, 'once', {
        functionName: emitter.lambda.functionName,
        maximumRetryAttempts: 0,
        maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      }),
      'emitter',
    );
    const schedule = new EveryMinute(this, 'schedule', { called: emitter, deadLetters, after: [once] });
    this.functionName = emitter.name;
    this.ruleName = schedule.ruleName;
    this.ready = schedule.ready;
    this.deadLetterQueueName = deadLetters.queueName;
  }
}

/**
 * What the emitter needs of the contract, and no more: Lambda takes 4 KB of environment variables, and a fleet may have 15
 * replicas with long names.
 */
export function emitterContract(contract: FleetContract, user: string): FleetContract {
  const { proxy: _, readName: __, lag, ...rest } = contract;
  const { warningSeconds, criticalSeconds } = lag;
  const slim = ({ name, host, port }: ContractMember): ContractMember => ({ name, host, port });
  return {
    ...rest,
    auth: { kind: 'iam', user },
    writer: slim(contract.writer),
    readers: contract.readers.map(slim),
    // When people are told is the alarms' business: a change of it is no deployment of the function.
    lag: { warningSeconds, criticalSeconds },
  };
}
