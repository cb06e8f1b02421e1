import { resolveOptions } from './check-options';
import { withLogin } from './config/login';
import { type FleetSource, findFleet } from './config/source';
import type { FleetContract } from './contract';
import { Fleet } from './fleet';
import { loadClassifier } from './intent';
import { Members } from './members/members';
import type { ConnectOptions } from './options';

export type { FleetSource } from './config/source';

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
 * @throws InvalidConfigError `READFLEET_CONTRACT_INVALID`, `READFLEET_OPTIONS_INVALID`, `READFLEET_ENV_INVALID`, with every problem at once
 * @throws ReadfleetError `READFLEET_CREDENTIALS_MISSING` when the contract asks for a password that was not given
 * @throws ReadfleetError `READFLEET_CONTRACT_UNREADABLE`, `READFLEET_AWS_UNREADABLE`, `READFLEET_SECRET_INVALID` when what is named cannot be read;
 *   `READFLEET_PEER_MISSING` when the package that reads it is not installed
 * @throws ReadfleetError `READFLEET_NO_MEMBER` when no member can be reached
 */
export async function connect(source: FleetContract | FleetSource, options: ConnectOptions = {}): Promise<Fleet> {
  // Before anything is asked.
  resolveOptions(options);
  const { contract, watched, notes, options: all } = await findFleet(source, options);
  for (const note of notes) process.emitWarning(note, { type: 'ReadfleetWarning', code: 'READFLEET_ENV' });
  const settings = await withLogin(contract, resolveOptions(all));
  const members = new Members(contract, settings);
  try {
    const [classifier] = await Promise.all([loadClassifier(), members.start()]);
    const fleet = new Fleet(contract, members, classifier, settings);
    if (!settings.readReplicas) fleet.flags.disableAll();
    await fleet.internals.start();
    if (watched) fleet.internals.watchContract(watched, settings.contractRefreshMs);
    return fleet;
  } catch (error) {
    await members.close(0);
    throw error;
  }
}
