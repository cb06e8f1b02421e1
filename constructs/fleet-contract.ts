import {
  type Address,
  CONTRACT_VERSION,
  type ContractMember,
  type FleetContract,
  type LagThresholds,
} from '../lib/contract';
import type { FleetMember, FleetMembers } from './members';

/** What a contract says of a fleet, as the stack knows it: hosts and resource ids are tokens. */
export interface FleetContractProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly engineMajor: number;
  readonly database: string;
  /** PostgreSQL role that apps log in as, with IAM authentication. */
  readonly user: string;
  readonly members: FleetMembers;
  readonly lag: LagThresholds;
  /**
   * Minutes that a member may be unhealthy before people are told.
   * @default - the contract's: 2
   */
  readonly unhealthyMinutes?: number;
  /** @default - none */
  readonly proxy?: { readonly writer: Address; readonly reader?: Address | undefined; readonly user: string };
  /** @default - the name that AWS itself has over a cluster's readers; none over instances */
  readonly readName?: Address;
}

/** The contract of a deployed fleet. Hosts and resource ids are tokens; ports and weights are plain numbers. */
export function fleetContract(props: FleetContractProps): FleetContract {
  const { members, proxy, unhealthyMinutes } = props;
  const readName =
    props.readName ?? (members.readerEndpoint && { host: members.readerEndpoint, port: members.writer.port });
  return {
    version: CONTRACT_VERSION,
    fleet: props.fleet,
    environment: props.environment,
    topology: members.topology,
    region: props.region,
    engine: { major: props.engineMajor },
    database: props.database,
    auth: { kind: 'iam', user: props.user },
    tls: 'verify-full',
    writer: contractMember(members.writer),
    readers: members.readers.map(contractMember),
    ...(proxy
      ? { proxy: { writer: proxy.writer, ...(proxy.reader ? { reader: proxy.reader } : {}), user: proxy.user } }
      : {}),
    ...(readName ? { readName } : {}),
    lag: { ...props.lag, ...(unhealthyMinutes === undefined ? {} : { unhealthySeconds: unhealthyMinutes * 60 }) },
  };
}

function contractMember({ name, host, port, zone, weight, resourceId }: FleetMember): ContractMember {
  return {
    name,
    host,
    port,
    ...(zone === undefined ? {} : { zone }),
    ...(weight === undefined ? {} : { weight }),
    resourceId,
  };
}
