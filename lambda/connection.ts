import type { ClientConfig } from 'pg';
import type { ContractMember } from '../lib/contract';
import { clientConfig } from '../lib/members/connection';
import type { EmitterContract } from './emitter-contract';
import { iamPasswords } from './iam-password';

/** How to connect to a member, within so many milliseconds. */
export type ConfigOf = (member: ContractMember, connectTimeoutMs: number) => ClientConfig;

/**
 * How the emitter connects: as its own role, with a token for each connection, to servers that prove their names.
 *
 * @param authorities PEM texts of those who sign the servers. Where TLS is off, they are not asked for
 */
export function connections(contract: EmitterContract, authorities: () => string[]): ConfigOf {
  const { auth, database, region = '', tls } = contract;
  const isVerified = tls === 'verify-full';
  const credentials = {
    user: auth.user,
    password: auth.kind === 'iam' ? iamPasswords(region, auth.user) : auth.password,
    database,
    application_name: 'readfleet-emitter',
    tls: isVerified,
    ca: isVerified ? authorities() : undefined,
  };
  return (member, connectTimeoutMs) => clientConfig(member, credentials, connectTimeoutMs);
}
