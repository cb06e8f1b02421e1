import { Aspects, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { awsProvider } from './aws-provider';
import { EncryptionKey } from './encryption-key';
import { type Environment, prefix } from './environment';
import { FleetContractParameter } from './fleet-contract';
import { allMembers, type FleetMembers } from './members';
import { fleetNetwork } from './network';
import { Outputs } from './outputs';
import { SecurityGroups } from './security-groups';
import { stateBackend } from './state-backend';
import { Tags } from './tags';
import { Instances } from './topologies/instances';

export interface ReadFleetStackProps {
  readonly environment: Environment;
  /**
   * Synthesise for plans without an AWS account: see `awsProvider` and `stateBackend`.
   * @default false
   */
  readonly offline?: boolean;
}

/** One line about a stack, for people. */
export interface StackSummary {
  readonly environment: string;
  readonly topology: Environment['topology'];
  /** The primary first, then the replicas. */
  readonly members: readonly string[];
  /** Resources that Terraform will manage. */
  readonly resources: number;
}

/** A whole fleet of one environment, self-contained: it refers to no other stack and looks nothing up. */
export class ReadFleetStack extends TerraformStack {
  readonly environment: Environment;
  readonly members: FleetMembers;

  constructor(scope: Construct, id: string, props: ReadFleetStackProps) {
    super(scope, id);
    const { environment, offline = false } = props;
    const { access, database, fleet, name, region } = environment;
    const fullName = prefix(fleet, name);
    this.environment = environment;

    stateBackend(this, { fleet, environment: name, region, backend: environment.backend, offline });
    awsProvider(this, { region, offline });

    const network = fleetNetwork(this, environment.network, fullName);
    const key = new EncryptionKey(this, 'key', {
      fleet,
      environment: name,
      deletionWindowDays: database.finalSnapshot ? 30 : 7,
      preventDestroy: database.preventDestroy,
    });
    const securityGroups = new SecurityGroups(this, 'security-groups', {
      name: fullName,
      vpcId: network.vpcId,
      allowedSecurityGroupIds: access.securityGroupIds,
    });
    this.members = new Instances(this, 'members', {
      fleet,
      environment: name,
      region,
      database,
      replicas: environment.replicas,
      subnetIds: network.subnetIds,
      securityGroupIds: [securityGroups.membersId],
      keyArn: key.arn,
    }).members;
    const contract = new FleetContractParameter(this, 'contract', {
      fleet,
      environment: name,
      region,
      engineMajor: database.engineMajor,
      database: database.name,
      user: access.user,
      members: this.members,
      lag: environment.lag,
    });
    new Outputs(this, 'outputs', {
      contract,
      members: this.members,
      clientSecurityGroupId: securityGroups.clientsId,
    });
    Aspects.of(this).add(new Tags({ ManagedBy: 'readfleet', ...environment.tags, Fleet: fleet, Environment: name }));
  }
}

/** What `stack` consists of, counted on the constructs themselves. */
export function describeStack(stack: ReadFleetStack): StackSummary {
  return {
    environment: stack.environment.name,
    topology: stack.environment.topology,
    members: allMembers(stack.members).map((member) => member.name),
    resources: stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node)).length,
  };
}
