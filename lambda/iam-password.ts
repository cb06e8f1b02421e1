import { Signer } from '@aws-sdk/rds-signer';
import type { ContractMember } from '../lib/contract';

/**
 * Makes IAM tokens, which a member takes for a password. They are signed here, with the credentials of the function's role: no
 * call leaves the network. A token is good for one host and one user, for a quarter of an hour, so each connection has its own.
 *
 * @param region of members that name none
 */
export function iamPasswords(region: string, user: string): (member: ContractMember) => Promise<string> {
  return (member) => {
    const { host, port } = member;
    const signer = new Signer({ hostname: host, port, username: user, region: member.region ?? region });
    return signer.getAuthToken();
  };
}
