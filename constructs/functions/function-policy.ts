import { policyDocument } from '../iam';

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface FunctionPolicyProps {
  readonly functionArn: string;
  readonly logGroupArn: string;
  readonly keyArn: string;
  /** @default - none */
  readonly deadLetterArn?: string;
  /** What this function may do beside. */
  readonly statements: readonly Statement[];
}

/** What Lambda needs to put a function into a network: AWS's own AWSLambdaVPCAccessExecutionRole, but for the logs. */
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** What a function's role may do. */
export function functionPolicy(props: FunctionPolicyProps) {
  const statements: Statement[] = [
    {
      Sid: 'WriteItsLog',
      Effect: 'Allow',
      // The group is there already: no function makes one, without an end and without our key.
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `${props.logGroupArn}:*`,
    },
    {
      Sid: 'JoinTheNetwork',
      Effect: 'Allow',
      Action: NETWORK_INTERFACES,
      // AWS takes no other for describing, and checks the others before there is an interface to name.
      Resource: '*',
    },
    {
      // The role serves two: Lambda, which needs the above, and the code, which does not.
      Sid: 'NotFromTheCode',
      Effect: 'Deny',
      Action: NETWORK_INTERFACES,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': props.functionArn } },
    },
    { Sid: 'ReadWhatTheKeyEncrypts', Effect: 'Allow', Action: 'kms:Decrypt', Resource: props.keyArn },
  ];
  if (props.deadLetterArn !== undefined)
    statements.push({
      Sid: 'TellWhatFailed',
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: props.deadLetterArn,
    });
  return policyDocument([...statements, ...props.statements]);
}
