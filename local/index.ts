/** `readfleet/local`: the fleet on a laptop. */
export type { Parameters } from './config';
export type { LocalFleet } from './fleet';
export type { LocalMember } from './member';
export type { LocalFleetOptions } from './options';
export type { ServerState } from './server';
export { startLocalFleet } from './start';
