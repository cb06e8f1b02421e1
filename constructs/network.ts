import type { Construct } from 'constructs';
import { CreatedNetwork } from './created-network';
import type { Network } from './environment';

/** Where members live, whoever made it. */
export interface FleetNetwork {
  readonly vpcId: string;
  /** Private subnets, one per zone. */
  readonly subnetIds: readonly string[];
}

/** The network that an environment describes: what it names, or one made for it. */
export function fleetNetwork(scope: Construct, network: Network, name: string): FleetNetwork {
  if (network.kind === 'existing') return { vpcId: network.vpcId, subnetIds: Object.values(network.subnets) };
  return new CreatedNetwork(scope, 'network', { name, cidr: network.cidr, zones: network.zones });
}
