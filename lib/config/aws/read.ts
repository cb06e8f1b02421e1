import { messageOf, ReadfleetError } from '../../errors';
import { type ClientOptions, parameterStore, secretsManager } from './peers';

/** Reads a text that AWS keeps; each call asks anew. */
export type TextReader = () => Promise<string>;

/** What is asked, and what it takes. */
interface Service {
  readonly peer: string;
  readonly permission: string;
}

const SSM: Service = { peer: '@aws-sdk/client-ssm', permission: 'ssm:GetParameter' };
const SECRETS: Service = { peer: '@aws-sdk/client-secrets-manager', permission: 'secretsmanager:GetSecretValue' };

/** The first release of the SDK whose clients take {@link LIMITS} as they are given here. */
const OLDEST_CLIENT = '3.521.0';

/** Without limits, a call that finds no way hangs, and a contract would never be asked for again. */
const LIMITS = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * @param parameter name or ARN of a parameter in SSM, e.g. `/readfleet/orders/production/contract`
 * @param region    where it is, when its ARN does not say. @default what the SDK finds: `AWS_REGION`, a profile
 * @throws ReadfleetError `READFLEET_PEER_MISSING`; the reader `READFLEET_AWS_UNREADABLE`
 */
export function parameterReader(parameter: string, region?: string): TextReader {
  const { SSMClient, GetParameterCommand } = parameterStore();
  const client = new SSMClient(optionsFor(parameter, region));
  return textReader(`SSM parameter ${parameter}`, SSM, async () => {
    const answer = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    return (answer as { Parameter?: { Value?: unknown } }).Parameter?.Value;
  });
}

/**
 * @param secret name or ARN of a secret in Secrets Manager
 * @throws ReadfleetError `READFLEET_PEER_MISSING`; the reader `READFLEET_AWS_UNREADABLE`
 */
export function secretReader(secret: string, region?: string): TextReader {
  const { SecretsManagerClient, GetSecretValueCommand } = secretsManager();
  const client = new SecretsManagerClient(optionsFor(secret, region));
  return textReader(`secret ${secret}`, SECRETS, async () => {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    return (answer as { SecretString?: unknown }).SecretString;
  });
}

function optionsFor(nameOrArn: string, region: string | undefined): ClientOptions {
  const [, named] = /^arn:[^:]+:[^:]+:([^:]+):/.exec(nameOrArn) ?? [];
  const where = region ?? named;
  return { ...(where !== undefined && { region: where }), maxAttempts: 3, requestHandler: LIMITS };
}

function textReader(what: string, service: Service, ask: () => Promise<unknown>): TextReader {
  return async () => {
    let text: unknown;
    try {
      text = await ask();
    } catch (cause) {
      throw unreadable(`${what}: ${messageOf(cause)}. ${adviceFor(cause, service)}`, cause);
    }
    if (typeof text === 'string' && text !== '') return text;
    throw unreadable(`${what}: it holds no text.`);
  };
}

function unreadable(message: string, cause?: unknown): ReadfleetError {
  return new ReadfleetError('READFLEET_AWS_UNREADABLE', message, cause === undefined ? {} : { cause });
}

function adviceFor(cause: unknown, { peer, permission }: Service): string {
  const { name, message } = (cause ?? {}) as { name?: unknown; message?: unknown };
  if (name === 'TypeError' && /\bhandle is not a function/.test(String(message))) {
    return `The package ${peer} is too old: it must be ${OLDEST_CLIENT} or newer. npm install ${peer}@latest`;
  }
  switch (name) {
    case 'ParameterNotFound':
    case 'ResourceNotFoundException':
      return 'Look at its name and region, and whether the fleet was deployed.';
    case 'AccessDeniedException':
      return `The app’s role needs ${permission} on it, and kms:Decrypt where a key of yours encrypts it; the client policy of the stack has both.`;
    case 'CredentialsProviderError':
      return 'Give the app credentials of AWS: a role, a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    default:
      return /region/i.test(String(message))
        ? 'Name the region: { region }, or AWS_REGION.'
        : 'Look whether the app has a way to AWS: an endpoint in its network, or NAT.';
  }
}
