import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { messageOf, ReadfleetError } from '../lib/errors';

/** The text of a secret, by ARN. */
export type SecretReader = (arn: string) => Promise<string | undefined>;

/** Who logs in, and how. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Without limits of ours, a call that finds no way hangs until the function is cut off, and tells nobody why. */
const LIMITS = { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Reads from AWS Secrets Manager. @param endpoint its address, when not under its usual name */
export function secretsManager(region: string | undefined, endpoint: string | undefined): SecretReader {
  const client = new SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: LIMITS,
    maxAttempts: 4,
  });
  return async (arn) => (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
}

/**
 * The user's name and password in the secret `arn`.
 *
 * @param what whose it is, for the message; no error holds anything of the content
 * @throws ReadfleetError `READFLEET_BOOTSTRAP_SECRET` when it cannot be read, or lacks one of them
 */
export async function readLogin(read: SecretReader, arn: string, what: string): Promise<Login> {
  let text: string | undefined;
  try {
    text = await read(arn);
  } catch (cause) {
    throw refusal(what, arn, `it cannot be read: ${messageOf(cause)}. ${hint(cause)}`, cause);
  }
  const { username, password } = parse(text) ?? {};
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '')
    return { username, password };
  const fields = [typeof username === 'string' ? '' : '"username"', typeof password === 'string' ? '' : '"password"'];
  const missing = fields.filter(Boolean).join(' and ') || 'a value';
  const how =
    'Its content must be JSON such as { "username": "…", "password": "…" }: raise its password version, and deploy.';
  throw refusal(what, arn, `it lacks ${missing}. ${how}`);
}

function parse(text: string | undefined): { username?: unknown; password?: unknown } | undefined {
  try {
    const content: unknown = JSON.parse(text ?? '');
    return typeof content === 'object' && content !== null ? content : undefined;
  } catch {
    // The parser's message quotes what it read.
    return undefined;
  }
}

function hint(cause: unknown): string {
  const { name } = (cause ?? {}) as { name?: unknown };
  if (name === 'ResourceNotFoundException') return 'It has no value yet: deploy again once it was written.';
  if (name === 'AccessDeniedException')
    return "The function's role needs secretsmanager:GetSecretValue on it, and kms:Decrypt on its key.";
  return 'The function must have a way to Secrets Manager: see network.secretsRoute.';
}

function refusal(what: string, arn: string, why: string, cause?: unknown): ReadfleetError {
  const options = cause === undefined ? {} : { cause };
  return new ReadfleetError('READFLEET_BOOTSTRAP_SECRET', `the secret of ${what} (${arn}): ${why}`, options);
}
