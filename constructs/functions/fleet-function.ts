import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, type ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { LogRetentionDays } from '../environment';
import { functionName } from '../environment/names';
import { assumedBy } from '../iam';
import { partitionOf } from '../partition';
import { pin } from '../pin';
import { functionCode } from './code';
import type { FunctionName } from './function-names';
import { functionPolicy, type Statement } from './function-policy';

/** Where every function of a fleet lives, and what it works with. */
export interface FunctionSurroundings {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** Account that the fleet is in (token). */
  readonly accountId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the fleet's key, which encrypts logs and environment variables. */
  readonly keyArn: string;
}

/** Which code a function runs, within which limits (seconds, MiB), and what it may do. */
export interface FleetFunctionProps extends FunctionSurroundings {
  /** Which of `lambda/`. */
  readonly code: FunctionName;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly logRetentionDays: LogRetentionDays;
  /** Environment variables. They are in the state: nothing secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** What it may do, beside what every function may. */
  readonly statements: readonly Statement[];
  /**
   * ARN of the queue for events that it failed on (token).
   * @default - none: it is only called by those who wait for the answer
   */
  readonly deadLetterArn?: string;
  /** What must be there first, the key's policy among it. */
  readonly after: readonly ITerraformDependable[];
}

/** A Lambda function in the fleet's network, with its role and its log. */
export class FleetFunction extends Construct {
  /** E.g. `orders-production-emitter`: a plain text. */
  readonly name: string;
  /** Token. */
  readonly arn: string;
  readonly lambda: LambdaFunction;
  /** SHA-256 of the code, in hexadecimal. */
  readonly codeHash: string;

  constructor(scope: Construct, id: string, props: FleetFunctionProps) {
    super(scope, id);
    const { accountId, code, region } = props;
    this.name = functionName(props.fleet, props.environment, code);

    // Made here, with an end to it and the fleet's key: the one that Lambda makes is kept for ever.
    const logs = pin(
      new CloudwatchLogGroup(this, 'logs', {
        name: `/aws/lambda/${this.name}`,
        retentionInDays: props.logRetentionDays,
        kmsKeyId: props.keyArn,
        dependsOn: [...props.after],
      }),
      code,
    );
    const role = pin(
      new IamRole(this, 'role', {
        name: this.name,
        description: props.description,
        assumeRolePolicy: assumedBy('lambda.amazonaws.com'),
      }),
      code,
    );
    const policy = pin(
      new IamRolePolicy(this, 'policy', {
        name: code,
        role: role.name,
        policy: JSON.stringify(
          functionPolicy({
            functionArn: `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${this.name}`,
            logGroupArn: logs.arn,
            keyArn: props.keyArn,
            ...(props.deadLetterArn === undefined ? {} : { deadLetterArn: props.deadLetterArn }),
            statements: props.statements,
          }),
        ),
      }),
      code,
    );

    const { file, hash } = functionCode(code);
    this.codeHash = hash.toString('hex');
    const asset = new TerraformAsset(this, 'code', { path: file, type: AssetType.FILE, assetHash: this.codeHash });
    this.lambda = pin(
      new LambdaFunction(this, 'function', {
        functionName: this.name,
        description: props.description,
        role: role.arn,
        runtime: 'nodejs22.x',
        architectures: ['arm64'],
        handler: 'index.handler',
        filename: asset.path,
        sourceCodeHash: hash.toString('base64'),
        timeout: props.timeoutSeconds,
        memorySize: props.memoryMiB,
        kmsKeyArn: props.keyArn,
        environment: { variables: { ...props.variables } },
        vpcConfig: { subnetIds: [...props.subnetIds], securityGroupIds: [...props.securityGroupIds] },
        // Text: a line on stdout stays as it was written, which metrics in it need.
        loggingConfig: { logFormat: 'Text', logGroup: logs.name },
        ...(props.deadLetterArn === undefined ? {} : { deadLetterConfig: { targetArn: props.deadLetterArn } }),
        // AWS tries the role's rights when the function is made.
        dependsOn: [policy, ...props.after],
      }),
      code,
    );
    this.arn = this.lambda.arn;
  }
}
