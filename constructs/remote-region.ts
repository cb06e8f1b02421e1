import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetContract } from '../lib/contract';
import { remoteAwsProvider } from './aws-provider';
import { EncryptionKey } from './encryption-key';
import { type InstancesEnvironment, memberIdentifier, prefix, type RemoteReplicaSettings } from './environment';
import { ParameterGroup } from './parameter-group';
import { LOGICAL_ID_PREFIX } from './pin';
import type { Primary } from './primary';
import { RemoteExports } from './remote-exports';
import { RemoteReplica } from './remote-replica';
import { replicaId } from './replica';
import { resourcesIn } from './resources';
import { SecurityGroups } from './security-groups';
import { SubnetGroup } from './subnet-group';

/** The replicas that a fleet has in one other region, and what they follow: the primary and the contract. */
export interface RemoteRegionProps {
  readonly environment: InstancesEnvironment;
  /** AWS region, another than the environment's. */
  readonly region: string;
  /** Those of this region by name, one at least, all in one network. */
  readonly replicas: Readonly<Record<string, RemoteReplicaSettings>>;
  readonly primary: Primary;
  /** The fleet's contract, from which this region's derives. */
  readonly contract: FleetContract;
  /** See `awsProvider`. */
  readonly offline: boolean;
}

/**
 * What a fleet has in another region: read replicas, and all that regions do not share. That is a key, settings, a subnet group,
 * security groups and a contract, each once for all replicas there (docs/decisions/0021-remote-replicas.md).
 *
 * All logical ids below begin with the region, as in `aws_kms_key.eu-west-1-fleet`.
 */
export class RemoteRegion extends Construct {
  constructor(scope: Construct, id: string, props: RemoteRegionProps) {
    super(scope, id);
    const { environment, primary, region, replicas } = props;
    const { database, fleet, name } = environment;
    const fullName = prefix(fleet, name);
    const outer: unknown = this.node.tryGetContext(LOGICAL_ID_PREFIX);
    this.node.setContext(LOGICAL_ID_PREFIX, typeof outer === 'string' ? `${outer}-${region}` : region);

    const all = Object.entries(replicas);
    const [network] = all.map(([, { subnets, vpcId }]) => ({ subnets, vpcId }));
    if (!network) throw new Error(`${this.node.path}: a remote region has a replica at least.`);

    const key = new EncryptionKey(this, 'key', {
      fleet,
      environment: name,
      region,
      deletionWindowDays: database.finalSnapshot ? 30 : 7,
      // What it encrypts is a copy: to leave a region must be one deployment.
      preventDestroy: false,
    });
    const securityGroups = new SecurityGroups(this, 'security-groups', { name: fullName, vpcId: network.vpcId });
    for (const securityGroupId of new Set(all.flatMap(([, { securityGroupIds }]) => securityGroupIds))) {
      securityGroups.allowFrom({ securityGroupId });
    }
    const subnetGroup = new SubnetGroup(this, 'subnets', {
      name: fullName,
      subnetIds: Object.values(network.subnets),
    });
    const parameterGroup = new ParameterGroup(this, 'parameters', {
      name: fullName,
      engineMajor: database.engineMajor,
      parameters: database.parameters,
    });

    const members = all.map(
      ([replicaName, { zone }]) =>
        // Not the bare name: a replica may be called like one of the parts above.
        new RemoteReplica(this, replicaId(replicaName), {
          ...database,
          replicaName,
          identifier: memberIdentifier(fleet, name, replicaName),
          primary,
          zone,
          subnetGroupName: subnetGroup.name,
          securityGroupIds: [securityGroups.membersId],
          parameterGroupName: parameterGroup.name,
          keyArn: key.arn,
          ...(primary.monitoringRoleArn === undefined ? {} : { monitoringRoleArn: primary.monitoringRoleArn }),
        }).member,
    );
    new RemoteExports(this, 'exports', {
      contract: props.contract,
      region,
      accountId: key.accountId,
      readers: members,
      clientSecurityGroupId: securityGroups.clientsId,
    });

    const provider = remoteAwsProvider(TerraformStack.of(this), { region, offline: props.offline });
    for (const resource of resourcesIn(this)) resource.provider = provider;
  }
}

/** One construct for each region in which an environment has remote replicas. */
export function remoteRegions(scope: Construct, props: Omit<RemoteRegionProps, 'region' | 'replicas'>): RemoteRegion[] {
  const byRegion = new Map<string, Record<string, RemoteReplicaSettings>>();
  for (const [name, settings] of Object.entries(props.environment.remoteReplicas)) {
    byRegion.set(settings.region, { ...byRegion.get(settings.region), [name]: settings });
  }
  return [...byRegion].map(
    ([region, replicas]) => new RemoteRegion(scope, `remote-${region}`, { ...props, region, replicas }),
  );
}
