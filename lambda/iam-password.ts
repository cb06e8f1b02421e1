import type { ContractMember } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';
import { type AwsCredentials, iamToken } from './iam-token';

/**
 * Makes IAM tokens, which a member takes for a password. They are signed here, with the credentials of the function's role: no
 * call leaves the network. A token is good for one host and one user, for a quarter of an hour, so each connection has its own.
 *
 * @param region of members that name none
 * @param now    wall-clock milliseconds since 1970
 */
export function iamPasswords(
  region: string,
  user: string,
  now: () => number = Date.now,
): (member: ContractMember) => Promise<string> {
  return async (member) => {
    const { host, port } = member;
    return iamToken({ host, port, user, region: member.region ?? region }, roleCredentials(process.env), now());
  };
}

/** Lambda's way to tell them. Looked up for each token, since it may renew them. */
function roleCredentials(variables: Readonly<Record<string, string | undefined>>): AwsCredentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
  }
  throw new ReadfleetError(
    'READFLEET_EMITTER_CREDENTIALS',
    'no IAM token can be signed: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, as Lambda does for a function with a role.',
  );
}
