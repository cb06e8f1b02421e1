import { type FleetContract, parseContract, readContractFile } from '../contract';
import type { ConnectOptions } from '../options';
import type { ContractSource } from '../topology/contract-source';
import { parameterReader, secretReader, type TextReader } from './aws/read';
import { readEnvironment } from './environment';
import type { Environment } from './variables';

/**
 * Where a fleet is described, when its contract is not at hand.
 *
 * - `{ file }`: as `localFleet.writeContract()` or a deployment wrote it; with `watch` replicas come and go with the file
 * - a function that returns a contract; asked again and again, as SSM and Secrets Manager are: see `contractRefreshMs`
 * - `{ env }`: environment variables, usually `process.env`: `DATABASE_URL`, `DATABASE_REPLICA_URLS` and what else docs/configuration.md names
 * - `{ ssm }`: name or ARN of a parameter of SSM; wants the package `@aws-sdk/client-ssm`
 * - `{ secret }`: name or ARN of a secret whose text is a contract; wants `@aws-sdk/client-secrets-manager`
 */
export type FleetSource =
  | ContractSource
  | { readonly env: Environment }
  | {
      readonly ssm: string;
      /** @default what the ARN says, else `AWS_REGION` or the profile's */
      readonly region?: string;
    }
  | {
      readonly secret: string;
      /** @default what the ARN says, else `AWS_REGION` or the profile's */
      readonly region?: string;
    };

/** A contract that was found, with all that came along. */
export interface Found {
  readonly contract: FleetContract;
  readonly options: ConnectOptions;
  /** Where to look for the next contract, if anywhere. */
  readonly watched?: ContractSource;
  /** What people should know, though it is not wrong. */
  readonly notes: readonly string[];
}

/**
 * @throws InvalidConfigError `READFLEET_CONTRACT_INVALID`, `READFLEET_ENV_INVALID`, with every problem at once
 * @throws ReadfleetError `READFLEET_CONTRACT_UNREADABLE`, `READFLEET_AWS_UNREADABLE`, `READFLEET_PEER_MISSING`
 */
export async function findFleet(source: FleetContract | FleetSource, options: ConnectOptions): Promise<Found> {
  if (typeof source === 'function') return asked(source, options);
  if (!isSource(source)) return { contract: parseContract(source), options, notes: [] };
  if ('env' in source) {
    const { from, options: all, notes } = readEnvironment(source.env, options);
    const found = await findFleet(from, all);
    return { ...found, notes };
  }
  if ('ssm' in source)
    return asked(contracts(`ssm:${source.ssm}`, parameterReader(source.ssm, source.region)), options);
  if ('secret' in source) {
    return asked(contracts(`secret ${source.secret}`, secretReader(source.secret, source.region)), options);
  }
  const contract = await readContractFile(source.file);
  return { contract, options, notes: [], ...(source.watch && { watched: source }) };
}

async function asked(source: Extract<ContractSource, () => unknown>, options: ConnectOptions): Promise<Found> {
  return { contract: parseContract(await source()), options, watched: source, notes: [] };
}

function contracts(name: string, read: TextReader): () => Promise<FleetContract> {
  return async () => parseContract(await read(), name);
}

const KINDS = ['file', 'env', 'ssm', 'secret'] as const;

function isSource(source: FleetContract | FleetSource): source is Exclude<FleetSource, () => unknown> {
  return typeof source === 'object' && source !== null && KINDS.some((kind) => kind in source);
}
