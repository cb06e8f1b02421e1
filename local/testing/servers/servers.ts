import type { FleetContract } from '../../../lib/contract';
import type { ControlTarget } from '../../control';
import type { LocalMember } from '../../local-member';

/** What may be done to a server of a test, wherever it was started. */
export const FAULTS = [
  'pauseReplay',
  'resumeReplay',
  'delayReplay',
  'stopReceiving',
  'resumeReceiving',
  'kill',
  'freeze',
  'thaw',
  'restart',
  'stop',
] as const;
/** The name of a method of {@link TestServer} that breaks it or mends it. */
export type Fault = (typeof FAULTS)[number];

/** One server that a test may break: the same names as of a `LocalMember`, which is one. */
export type TestServer = Pick<LocalMember, 'name' | 'host' | 'port' | 'url' | 'query' | Fault>;

/** A primary and its replicas that a test may break: a `LocalFleet` of its own, or the shared one. */
export interface TestServers {
  readonly contract: FleetContract;
  readonly primary: TestServer;
  readonly replicas: readonly TestServer[];
  /** The primary or a replica. @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  member(name: string): TestServer;
}

/** How the kit itself reaches a server: contracts of local fleets have a password. */
export function targetOn(
  { auth, database }: FleetContract,
  { name, port }: { readonly name: string; readonly port: number },
): ControlTarget {
  if (auth.kind !== 'password')
    throw new TypeError(`${name}: the contract of a local fleet has a password, got: ${auth.kind}`);
  return { name, port, user: auth.user, password: auth.password, database };
}
