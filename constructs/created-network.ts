import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { zoneCidr } from './cidr';
import { NatRoute } from './nat-route';
import type { FleetNetwork } from './network';
import { pin } from './pin';
import { suppress } from './policies/suppress';

/** The block and zones of a new VPC, and what its subnets may reach outside. */
export interface CreatedNetworkProps {
  /** What its resources are called, e.g. `orders-dev`. */
  readonly name: string;
  /** IPv4 block of the VPC, e.g. `10.10.0.0/16`. */
  readonly cidr: string;
  /** At least two zones, each of which gets one subnet. */
  readonly zones: readonly string[];
  /**
   * Blocks outside that the subnets reach through a NAT gateway, which is made in the first zone.
   * @default - none: no gateway, and no route but the local one
   */
  readonly destinations?: readonly string[];
}

/**
 * A VPC for the fleet alone: one private subnet per zone, and no way to or from the internet but to `destinations`.
 *
 * Apps come in by peering, or live in it.
 */
export class CreatedNetwork extends Construct implements FleetNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly routes: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: CreatedNetworkProps) {
    super(scope, id);
    const vpc = pin(
      new Vpc(this, 'vpc', {
        cidrBlock: props.cidr,
        enableDnsSupport: true,
        // Without it members' host names do not resolve to their private addresses.
        enableDnsHostnames: true,
        tags: { Name: props.name },
      }),
      'network',
    );
    suppress(
      vpc,
      'READFLEET_POLICY_FLOW_LOGS',
      "Only members and functions of the fleet live here; where, how long and in what form to record traffic is the account's choice.",
    );
    // AWS lets members of a VPC's default group talk to each other and to everywhere. To manage it without rules empties it.
    pin(
      new DefaultSecurityGroup(this, 'default-group', { vpcId: vpc.id, tags: { Name: `${props.name}-unused` } }),
      'unused',
    );
    this.vpcId = vpc.id;
    const subnets = new Map(props.zones.map((zone) => [zone, this.subnet(zone, props)]));
    this.subnetIds = [...subnets.values()];
    const [zone = ''] = props.zones;
    this.routes = props.destinations
      ? new NatRoute(this, 'nat', { ...props, vpcId: vpc.id, zone, subnets, destinations: props.destinations }).routes
      : [];
  }

  private subnet(zone: string, { cidr, name }: CreatedNetworkProps): string {
    const subnet = new Subnet(this, `subnet-${zone}`, {
      vpcId: this.vpcId,
      availabilityZone: zone,
      cidrBlock: zoneCidr(cidr, zone),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${name}-${zone}` },
    });
    return pin(subnet, `private-${zone}`).id;
  }
}
