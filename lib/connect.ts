import { type FleetContract, parseContract, readContractFile } from './contract';
import { Fleet } from './fleet';
import { loadClassifier } from './intent';
import { Members } from './members/members';
import { type ConnectOptions, resolveOptions } from './options';

/** Where a contract comes from, when it is not at hand. */
export interface FleetSource {
  /** Path of a JSON file with the contract, as `localFleet.writeContract()` or a deployment wrote it. */
  readonly file: string;
}

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
  const contract = isSource(source) ? await readContractFile(source.file) : parseContract(source);
  const members = new Members(contract, settings);
  try {
    const [classifier] = await Promise.all([loadClassifier(), members.start()]);
    const fleet = new Fleet(contract, members, classifier, settings);
    await fleet.loadCatalogue();
    return fleet;
  } catch (error) {
    await members.close(0);
    throw error;
  }
}

function isSource(source: FleetContract | FleetSource): source is FleetSource {
  return typeof source === 'object' && source !== null && 'file' in source;
}
