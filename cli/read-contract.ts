import { existsSync } from 'node:fs';
import { mayHoldPassword, shown } from '../lib/config/shown';
import { type FleetContract, parseContract, readContractFile } from '../lib/contract';
import type { Io } from './io';
import { UsageError } from './usage-error';

/** Where `npm start` and local fleets leave theirs. */
const DEFAULT_FILE = '.readfleet/fleet.json';

/** For the help of every command that takes a contract. */
export const CONTRACT_HELP = `  --contract <file>   the fleet's contract; - reads it from stdin
                      (default: READFLEET_CONTRACT, a file or the JSON itself; else ${DEFAULT_FILE})`;

/** A contract, and where it came from. */
export interface Given {
  readonly contract: FleetContract;
  readonly source: string;
}

/**
 * The contract that a command is about.
 *
 * @param option what `--contract` says
 * @throws UsageError when there is none
 * @throws ReadfleetError `READFLEET_CONTRACT_UNREADABLE`, `READFLEET_CONTRACT_INVALID`, `READFLEET_CONTRACT_VERSION`
 */
export async function readContract(option: string | undefined, io: Pick<Io, 'env' | 'stdin'>): Promise<Given> {
  if (option !== undefined) return fromFile(option, io);
  const said = io.env.READFLEET_CONTRACT?.trim();
  if (said) {
    if (!said.startsWith('{') && mayHoldPassword(said)) {
      throw new UsageError(
        `READFLEET_CONTRACT is to be a file or the JSON of a contract, and is a connection string: ${shown(said)}. Name a contract with --contract <file>.`,
      );
    }
    if (!said.startsWith('{')) return fromFile(said, io);
    return { contract: parseContract(said, 'READFLEET_CONTRACT'), source: 'READFLEET_CONTRACT' };
  }
  if (existsSync(DEFAULT_FILE)) return fromFile(DEFAULT_FILE, io);
  throw new UsageError(
    `Which fleet? There is no ${DEFAULT_FILE} here. Name a contract with --contract <file>, or set READFLEET_CONTRACT. ` +
      'A deployed fleet keeps its own in an SSM parameter:\n' +
      '  aws ssm get-parameter --name /readfleet/<fleet>/<environment>/contract --query Parameter.Value --output text > fleet.json',
  );
}

/** One of a command's files; `-` is stdin. */
export async function fromFile(file: string, io: Pick<Io, 'stdin'>): Promise<Given> {
  if (file === '-') return { contract: parseContract(await io.stdin(), 'stdin'), source: 'stdin' };
  return { contract: await readContractFile(file), source: file };
}
