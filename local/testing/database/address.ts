import type { FleetContract } from '../../../lib/contract';
import { targetOn } from '../servers/servers';

/** A database of a fleet, as an app finds it. */
export interface DatabaseAddress {
  readonly name: string;
  /** For `connect()`. */
  readonly contract: FleetContract;
  /** The primary's, for migration tools: `postgres://…`, with the password. */
  readonly url: string;
}

/**
 * A database on the servers of `contract`.
 *
 * @param server whose URL. @default the primary
 */
export function addressIn(contract: FleetContract, name: string, server = contract.writer): DatabaseAddress {
  const { user, password } = targetOn(contract, server);
  const place = `${server.host}:${server.port}/${encodeURIComponent(name)}`;
  return { name, contract: { ...contract, database: name }, url: `postgres://${user}:${password}@${place}` };
}
