/** `readfleet/local`: the fleet on a laptop. */
export type { Parameters } from './config';
export type { LocalFleet } from './fleet';
export type { LocalMember, MemberAddress } from './local-member';
export type { MemberNetwork } from './network/member-network';
export type { LocalFleetOptions } from './options';
export type { ServerState } from './server';
export { startLocalFleet } from './start';
