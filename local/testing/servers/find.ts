import type { FleetContract } from '../../../lib/contract';
import { ReadfleetError } from '../../../lib/errors';
import type { LocalFleet } from '../../fleet';
import { liveFleets } from '../../live';
import type { TestServers } from './servers';
import { type SharedFleet, sharedFleet, VARIABLE } from './shared';

/** Servers that this process can break. */
export type Breakable = LocalFleet | SharedFleet;

/**
 * The servers behind a contract, found by the ports of its members: a fleet of this process, or the shared one.
 *
 * @throws ReadfleetError `READFLEET_TESTING_UNKNOWN_SERVERS`
 */
export function serversOf(contract: FleetContract): Breakable {
  const ports = new Set([contract.writer, ...contract.readers].map(({ port }) => port));
  for (const fleet of liveFleets) if (belongs(fleet, ports)) return fleet;
  if (process.env[VARIABLE]) {
    const shared = sharedFleet();
    if (belongs(shared, ports)) return shared;
  }
  throw new ReadfleetError(
    'READFLEET_TESTING_UNKNOWN_SERVERS',
    `fleet ${contract.fleet}/${contract.environment}: its servers (${[...ports].join(', ')}) were started neither by startLocalFleet() in ` +
      'this process nor by startSharedFleet() for this run, so no faults can be made on them.',
  );
}

function belongs(servers: TestServers, ports: ReadonlySet<number>): boolean {
  const { writer, readers } = servers.contract;
  return [writer, ...readers].some(({ port }) => ports.has(port));
}
