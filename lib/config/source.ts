import { type FleetContract, parseContract, readContractFile } from '../contract';
import { ReadfleetError } from '../errors';
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
 * @throws ReadfleetError `READFLEET_OPTIONS_INVALID`, where the source itself says too much, or something else
 * @throws ReadfleetError `READFLEET_CONTRACT_UNREADABLE`, `READFLEET_AWS_UNREADABLE`, `READFLEET_PEER_MISSING`
 */
export async function findFleet(source: FleetContract | FleetSource, options: ConnectOptions): Promise<Found> {
  if (typeof source === 'function') return asked(source, options);
  checkKeys(source);
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

/** Ways to say where a contract is, with all that each may say. */
const KINDS = { file: ['file', 'watch'], env: ['env'], ssm: ['ssm', 'region'], secret: ['secret', 'region'] } as const;

function isSource(source: FleetContract | FleetSource): source is Exclude<FleetSource, () => unknown> {
  return typeof source === 'object' && source !== null && Object.keys(KINDS).some((kind) => kind in source);
}

/** @throws ReadfleetError `READFLEET_OPTIONS_INVALID`: a word that nobody heeds is a slip of the pen */
function checkKeys(source: object): void {
  if (typeof source !== 'object' || source === null) return;
  const keys = Object.keys(source);
  const kind = Object.entries(KINDS).find(([name]) => name in source);
  if (!kind) {
    // Neither a source nor anything of a contract, which tells its own problems.
    if (keys.length === 0 || ['version', 'fleet', 'writer', 'readers'].some((key) => key in source)) return;
    throw invalid(
      keys,
      'is neither where a contract is nor a part of one. Give { file }, { env: process.env }, { ssm }, { secret }, or the contract itself.',
    );
  }
  const [name, all] = kind;
  const strange = keys.filter((key) => !(all as readonly string[]).includes(key));
  if (strange.length > 0) throw invalid(strange, `has no place beside "${name}". There may be: ${all.join(', ')}.`);
}

function invalid(keys: readonly string[], why: string): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_OPTIONS_INVALID',
    `connect(): ${keys.map((key) => `"${key}"`).join(', ')} ${why}`,
  );
}
