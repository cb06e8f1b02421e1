import type { LocalFleet } from './fleet';

/** Fleets that this process has started and not stopped, for what finds the servers behind a contract. */
export const liveFleets = new Set<LocalFleet>();
