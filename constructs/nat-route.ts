import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { publicCidr } from './cidr';
import { pin } from './pin';

/** The subnets that get a way out, the zone that its gateway is in, and where it leads. */
export interface NatRouteProps {
  /** What its resources are called, e.g. `orders-dev`. */
  readonly name: string;
  readonly vpcId: string;
  /** IPv4 block of the VPC: the public subnet has its end. */
  readonly cidr: string;
  /** Zone of the gateway. When it fails, nothing gets out; the fleet needs no way out but while it is deployed. */
  readonly zone: string;
  /** Private subnets that get the routes, by zone. */
  readonly subnets: ReadonlyMap<string, string>;
  /** Blocks that can be reached. */
  readonly destinations: readonly string[];
}

/**
 * A way out of a VPC to some blocks and to nowhere else: neither subnets nor gateway have a default route.
 *
 * The subnets get a route table of their own: routes for peering belong there too.
 */
export class NatRoute extends Construct {
  /** What a caller must wait for. */
  readonly routes: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NatRouteProps) {
    super(scope, id);
    const { name, vpcId } = props;
    const destinations = [...new Set(props.destinations)];
    const internet = pin(new InternetGateway(this, 'internet', { vpcId, tags: { Name: name } }), 'nat');
    const subnet = pin(
      new Subnet(this, 'subnet', {
        vpcId,
        availabilityZone: props.zone,
        cidrBlock: publicCidr(props.cidr),
        mapPublicIpOnLaunch: false,
        tags: { Name: `${name}-public` },
      }),
      'public',
    );
    const address = pin(
      new Eip(this, 'address', { domain: 'vpc', tags: { Name: `${name}-nat` }, dependsOn: [internet] }),
      'nat',
    );
    const gateway = pin(
      new NatGateway(this, 'gateway', {
        subnetId: subnet.id,
        allocationId: address.allocationId,
        tags: { Name: name },
        dependsOn: [internet],
      }),
      'nat',
    );
    const out = this.table('public', props, new Map([['public', subnet.id]]));
    const through = this.table('private', props, prefixed('private', props.subnets));
    this.routes = [
      ...through.associations,
      ...destinations.flatMap((destination) => [
        this.route('public', out.id, destination, { gatewayId: internet.id }),
        this.route('private', through.id, destination, { natGatewayId: gateway.id }),
      ]),
    ];
  }

  private table(kind: 'public' | 'private', { name, vpcId }: NatRouteProps, subnets: ReadonlyMap<string, string>) {
    const { id } = pin(new RouteTable(this, kind, { vpcId, tags: { Name: `${name}-${kind}` } }), kind);
    const associations = [...subnets].map(([subnet, subnetId]) =>
      pin(new RouteTableAssociation(this, `${kind}-of-${subnet}`, { routeTableId: id, subnetId }), subnet),
    );
    return { id, associations };
  }

  private route(
    kind: 'public' | 'private',
    routeTableId: string,
    destination: string,
    by: { readonly gatewayId: string } | { readonly natGatewayId: string },
  ) {
    const name = `${kind}-to-${destination.replace(/[./]/g, '-')}`;
    return pin(new Route(this, name, { ...by, routeTableId, destinationCidrBlock: destination }), name);
  }
}

function prefixed(prefix: string, subnets: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...subnets].map(([zone, id]) => [`${prefix}-${zone}`, id]));
}
