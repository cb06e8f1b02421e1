import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Construct } from 'constructs';
import type { Address, LagThresholds } from '../lib/contract';
import { type ReadNameSettings, readNameHost, readNameSet } from './environment';
import { type FleetMembers, POSTGRES_PORT } from './members';
import { pin } from './pin';
import { ReplicaHealth } from './replica-health';
import { TerraformData } from './terraform-data';

/** Route 53's largest weight. */
const MAX_WEIGHT = 255;

/** The replicas that a name leads to, the zone that it is in, and the lag past which a replica leaves it. */
export interface ReadNameProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region, in which the health metrics are. */
  readonly region: string;
  readonly settings: ReadNameSettings;
  readonly vpcId: string;
  readonly members: FleetMembers;
  /** Past `criticalSeconds`, a replica leaves the name. */
  readonly lag: LagThresholds;
}

/**
 * One DNS name over all replicas, weighted, that falls back to the primary when none may serve (docs/decisions/0018-read-name.md).
 *
 * For clients that cannot use the library. DNS knows no staleness bound of a query, answers what resolvers kept, and certificate
 * checks by name (`sslmode=verify-full`) fail against it, since a certificate carries its member's own name: such clients use
 * `verify-ca`, or a member's own name.
 *
 * Route 53 takes a record set for healthy when *all* of it is unhealthy, so the primary is a failover record, never a member of
 * the weighted set: an alias to a set of which all is unhealthy is unhealthy itself.
 */
export class ReadName extends Construct {
  /** A plain text: the name is known at synth. */
  readonly address: Address;

  constructor(scope: Construct, id: string, props: ReadNameProps) {
    super(scope, id);
    const { members, settings } = props;
    const zoneId = settings.zone.kind === 'existing' ? settings.zone.zoneId : this.zone(settings.zone.domain, props);
    const name = readNameHost(settings.name, settings.zone.domain);
    const set = readNameSet(settings.name, settings.zone.domain);
    const common = { zoneId, type: 'CNAME', ttl: settings.ttlSeconds };

    const weights = routeWeights(members.readers.map(({ weight }) => weight ?? 1));
    const replicas = members.readers.map((replica, index) =>
      pin(
        new Route53Record(this, `replica-${replica.name}`, {
          ...common,
          name: set,
          setIdentifier: replica.name,
          weightedRoutingPolicy: { weight: weights[index] ?? MAX_WEIGHT },
          records: [replica.host],
          healthCheckId: new ReplicaHealth(this, `health-${replica.name}`, {
            ...props,
            replica: replica.name,
            withoutData: settings.withoutData,
          }).checkId,
        }),
        `read-name-${replica.name}`,
      ),
    );
    pin(
      new Route53Record(this, 'replicas', {
        zoneId,
        // An alias has the type of what it stands for, and its time to live.
        type: 'CNAME',
        name,
        setIdentifier: 'replicas',
        failoverRoutingPolicy: { type: 'PRIMARY' },
        alias: { name: set, zoneId, evaluateTargetHealth: true },
        // Route 53 makes no alias to a record that is not there yet.
        dependsOn: replicas,
      }),
      'read-name-replicas',
    );
    pin(
      new Route53Record(this, 'primary', {
        ...common,
        name,
        // Without a health check: it is what is left, so it counts as healthy.
        setIdentifier: 'primary',
        failoverRoutingPolicy: { type: 'SECONDARY' },
        records: [members.writer.host],
      }),
      'read-name-primary',
    );
    this.address = { host: name, port: POSTGRES_PORT };
  }

  private zone(domain: string, { environment, fleet, vpcId }: ReadNameProps): string {
    const network = pin(new TerraformData(this, 'network', { triggersReplace: vpcId }), 'read-name-network');
    const zone = new Route53Zone(this, 'zone', {
      name: domain,
      comment: `Read name of the database fleet ${fleet}-${environment}`,
      vpc: [{ vpcId }],
      lifecycle: {
        // Networks that others associate, so that their apps see the name, stay; a new network of the fleet's own makes a new zone.
        ignoreChanges: ['vpc'],
        replaceTriggeredBy: [`terraform_data.${network.friendlyUniqueId}.id`],
      },
    });
    return pin(zone, 'read-name').zoneId;
  }
}

/**
 * Shares as Route 53 takes them: whole numbers, of which none is 0, since a record of weight 0 is asked only when no other is well.
 *
 * Whole numbers that Route 53 takes stay what they are, so that a replica that goes changes no other record.
 *
 * @example routeWeights([1, 1, 0.25]) // [255, 255, 64]
 */
export function routeWeights(shares: readonly number[]): readonly number[] {
  const most = Math.max(...shares);
  if (shares.every((share) => Number.isInteger(share)) && most <= MAX_WEIGHT) return shares;
  return shares.map((share) => Math.max(1, Math.round((share / most) * MAX_WEIGHT)));
}
