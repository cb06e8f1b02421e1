import type { Fleet, FleetContract } from 'readfleet';

/** What each use gets: a local fleet of a primary and one replica, and a connection to it. */
export interface Context {
  readonly contract: FleetContract;
  readonly fleet: Fleet;
}
