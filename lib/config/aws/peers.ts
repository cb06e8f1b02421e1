import { missingPeer } from '../../missing-peer';

/** A client of the AWS SDK: sends commands. */
interface Client {
  send(command: unknown): Promise<unknown>;
}

/** What clients are made with. The region is the SDK's own affair where none is named: `AWS_REGION`, a profile. */
export interface ClientOptions {
  readonly region?: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** Of `@aws-sdk/client-ssm`, what is used. By shape: its types are not there for those who do not install it. */
export interface ParameterStore {
  readonly SSMClient: new (options: ClientOptions) => Client;
  readonly GetParameterCommand: new (input: { readonly Name: string; readonly WithDecryption: boolean }) => unknown;
}

/** Of `@aws-sdk/client-secrets-manager`, what is used. */
export interface SecretsManager {
  readonly SecretsManagerClient: new (options: ClientOptions) => Client;
  readonly GetSecretValueCommand: new (input: { readonly SecretId: string }) => unknown;
}

/** Of `@aws-sdk/rds-signer`, what is used. */
export interface RdsSigner {
  readonly Signer: new (login: {
    readonly hostname: string;
    readonly port: number;
    readonly username: string;
    readonly region?: string;
  }) => { getAuthToken(): Promise<string> };
}

const INSTEAD = 'or pass what it would read';

// Each `require` stands in a `try` with the very name in it: so bundlers take along what is installed, and pass over what is not.

/** @throws ReadfleetError `READFLEET_PEER_MISSING` */
export function parameterStore(): ParameterStore {
  try {
    return require('@aws-sdk/client-ssm');
  } catch (cause) {
    throw missingPeer('@aws-sdk/client-ssm', 'To read a contract from a parameter of SSM takes', cause, INSTEAD);
  }
}

/** @throws ReadfleetError `READFLEET_PEER_MISSING` */
export function secretsManager(): SecretsManager {
  try {
    return require('@aws-sdk/client-secrets-manager');
  } catch (cause) {
    throw missingPeer('@aws-sdk/client-secrets-manager', 'To read a secret of Secrets Manager takes', cause, INSTEAD);
  }
}

/** @throws ReadfleetError `READFLEET_PEER_MISSING` */
export function rdsSigner(): RdsSigner {
  try {
    return require('@aws-sdk/rds-signer');
  } catch (cause) {
    throw missingPeer(
      '@aws-sdk/rds-signer',
      'To log in with IAM takes',
      cause,
      'or pass `password: (member) => token`',
    );
  }
}
