import { resolveOptions } from './check-options';
import { type FleetContract, parseContract, readContractFile } from './contract';
import { Fleet } from './fleet';
import { loadClassifier } from './intent';
import { Members } from './members/members';
import type { ConnectOptions } from './options';
import type { ContractSource } from './topology/contract-source';

/**
 * Where a contract comes from, when it is not at hand: a file, as `localFleet.writeContract()` or a deployment wrote it, or a function, which
 * is called again and again. With `watch` a file is too: replicas come and go with it, and no read fails for that.
 */
export type FleetSource = ContractSource;

/**
 * Connects to every member of a fleet and begins to watch replication.
 *
 * One member that answers is enough: an app must come up while a replica, or the primary, is away.
 *
 * ```ts
 * const fleet = await connect({ file: 'fleet.json' });
 * const { rows } = await fleet.query('select * from gist where id = $1', [id], { maxStalenessMs: 500 });
 * await fleet.close();
 * ```
 *
 * @throws InvalidConfigError `READFLEET_CONTRACT_INVALID`, `READFLEET_OPTIONS_INVALID`, with every problem at once
 * @throws ReadfleetError `READFLEET_CREDENTIALS_MISSING` when the contract asks for a password that was not given
 * @throws ReadfleetError `READFLEET_NO_MEMBER` when no member can be reached
 */
export async function connect(source: FleetContract | FleetSource, options: ConnectOptions = {}): Promise<Fleet> {
  const settings = resolveOptions(options);
  const contract = await contractOf(source);
  const members = new Members(contract, settings);
  try {
    const [classifier] = await Promise.all([loadClassifier(), members.start()]);
    const fleet = new Fleet(contract, members, classifier, settings);
    await fleet.internals.start();
    if (isSource(source) && (typeof source === 'function' || source.watch)) {
      fleet.internals.watchContract(source, settings.contractRefreshMs);
    }
    return fleet;
  } catch (error) {
    await members.close(0);
    throw error;
  }
}

async function contractOf(source: FleetContract | FleetSource): Promise<FleetContract> {
  if (!isSource(source)) return parseContract(source);
  return typeof source === 'function' ? parseContract(await source()) : readContractFile(source.file);
}

function isSource(source: FleetContract | FleetSource): source is FleetSource {
  return typeof source === 'function' || (typeof source === 'object' && source !== null && 'file' in source);
}
