import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { CreatedNetwork } from './created-network';
import type { Network } from './environment';

/** Where members live, whoever made it. */
export interface FleetNetwork {
  readonly vpcId: string;
  /** Private subnets, one per zone. */
  readonly subnetIds: readonly string[];
  /**
   * Routes out of the VPC that were made with it: what calls something outside waits for them.
   * @default - none were made
   */
  readonly routes?: readonly ITerraformDependable[];
}

/** The network that an environment describes: what it names, or one made for it. */
export function fleetNetwork(scope: Construct, network: Network, name: string): FleetNetwork {
  const { secretsRoute } = network;
  if (network.kind === 'existing') return { vpcId: network.vpcId, subnetIds: Object.values(network.subnets) };
  return new CreatedNetwork(scope, 'network', {
    name,
    cidr: network.cidr,
    zones: network.zones,
    ...(secretsRoute?.kind === 'nat' ? { destinations: secretsRoute.destinations } : {}),
  });
}
