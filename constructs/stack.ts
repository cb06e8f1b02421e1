import { Aspects, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Topology } from '../lib/contract';
import { Alarms } from './alarms/alarms';
import { maxConnections } from './alarms/max-connections';
import { awsProvider } from './aws-provider';
import { Dashboard } from './dashboard/dashboard';
import { EncryptionKey } from './encryption-key';
import { type Environment, prefix } from './environment';
import { Exports } from './exports';
import { fleetContract } from './fleet-contract';
import { fleetFunctions, functionsOf } from './functions/functions';
import { allMembers, type FleetMembers } from './members';
import { moved } from './moves';
import { fleetNetwork } from './network';
import { Policies } from './policies/policies';
import { suppressIn } from './policies/suppress';
import { FleetProxy } from './proxy';
import { ReadName } from './read-name';
import { remoteRegions } from './remote-region';
import { resourcesIn } from './resources';
import { type AccessSource, SecurityGroups } from './security-groups';
import { stateBackend } from './state-backend';
import { Tags } from './tags';
import { fleetTopology } from './topologies/topology';

/** The environment that becomes a stack, as `environment()` gives it, and whether that is for plans alone. */
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
  readonly topology: Topology;
  /** The primary first, then the replicas. */
  readonly members: readonly string[];
  /** Resources that Terraform will manage. */
  readonly resources: number;
}

/** A whole fleet of one environment, self-contained: it refers to no other stack and looks nothing up. */
export class ReadFleetStack extends TerraformStack {
  readonly environment: Environment;
  readonly members: FleetMembers;
  readonly exports: Exports;

  private readonly securityGroups: SecurityGroups;

  constructor(scope: Construct, id: string, props: ReadFleetStackProps) {
    super(scope, id);
    const { environment, offline = false } = props;
    const { access, database, fleet, lag, name, region } = environment;
    const fullName = prefix(fleet, name);
    const { bootstraps, emits } = functionsOf(environment);
    this.environment = environment;

    stateBackend(this, { fleet, environment: name, region, backend: environment.backend, offline });
    awsProvider(this, { region, offline });

    // Without the bootstrap, nothing wants to get out.
    const reaches = bootstraps ? environment.network.secretsRoute : ({ kind: 'none' } as const);
    const network = fleetNetwork(this, { ...environment.network, secretsRoute: reaches }, fullName);
    const key = new EncryptionKey(this, 'key', {
      fleet,
      environment: name,
      region,
      deletionWindowDays: database.finalSnapshot ? 30 : 7,
      preventDestroy: database.preventDestroy,
    });
    this.securityGroups = new SecurityGroups(this, 'security-groups', {
      name: fullName,
      vpcId: network.vpcId,
      proxy: environment.proxy !== undefined,
      functions: bootstraps || emits !== undefined,
    });
    for (const securityGroupId of access.securityGroupIds) this.allowFrom({ securityGroupId });
    for (const cidr of access.cidrs) this.allowFrom({ cidr });

    const topology = fleetTopology(this, 'members', environment, {
      subnetIds: network.subnetIds,
      securityGroupIds: [this.securityGroups.membersId],
      keyArn: key.arn,
    });
    this.members = topology.members;

    const { proxyId } = this.securityGroups;
    const proxy = environment.proxy
      ? new FleetProxy(this, 'proxy', {
          name: fullName,
          region,
          settings: environment.proxy,
          readEndpoint: 'readEndpoint' in environment.proxy && environment.proxy.readEndpoint,
          members: this.members,
          subnetIds: network.subnetIds,
          securityGroupIds: proxyId === undefined ? [] : [proxyId],
          keyArn: key.arn,
        })
      : undefined;
    const readName =
      environment.topology === 'instances' && environment.readName
        ? new ReadName(this, 'read-name', {
            fleet,
            environment: name,
            region,
            settings: environment.readName,
            vpcId: network.vpcId,
            members: this.members,
            lag,
          })
        : undefined;

    const contract = fleetContract({
      fleet,
      environment: name,
      region,
      engineMajor: database.engineMajor,
      database: database.name,
      user: access.user,
      members: this.members,
      lag,
      unhealthyMinutes: environment.alarms.thresholds.unhealthyMinutes,
      ...(proxy ? { proxy } : {}),
      ...(readName ? { readName: readName.address } : {}),
    });

    const { emitter } = fleetFunctions(this, {
      environment,
      contract,
      key,
      network,
      securityGroups: this.securityGroups,
      members: this.members,
      proxy,
    });
    const watched = { fleet, environment: name, region, members: this.members, lag, emitter, proxy };
    const alarms = environment.alarms.enabled
      ? new Alarms(this, 'alarms', {
          ...watched,
          settings: environment.alarms,
          maxConnections: maxConnections(database.parameters, database.instanceClass),
          accountId: key.accountId,
          keyArn: key.arn,
          after: key.ready,
        })
      : undefined;
    new Dashboard(this, 'dashboard', { ...watched, alarmArns: alarms?.compositeArns ?? [] });

    this.exports = new Exports(this, 'exports', {
      contract,
      region,
      accountId: key.accountId,
      members: this.members,
      proxy,
      clientSecurityGroupId: this.securityGroups.clientsId,
      readOnlyUser: access.readOnlyUser,
      migrationUser: access.migrationUser,
    });
    if (environment.topology === 'instances' && topology.primary) {
      remoteRegions(this, { environment, primary: topology.primary, contract, offline });
    }
    Aspects.of(this).add(new Tags({ ManagedBy: 'readfleet', ...environment.tags, Fleet: fleet, Environment: name }));
    Aspects.of(this).add(new Policies({ stage: environment.stage, tags: ['Fleet', 'Environment', 'ManagedBy'] }));
    suppressIn(this, environment.suppressions);
    moved(this, environment.moved);
  }

  /** Lets apps reach the fleet, beside those that have its client group. */
  allowFrom(source: AccessSource): void {
    this.securityGroups.allowFrom(source);
  }
}

/** What `stack` consists of, counted on the constructs themselves. */
export function describeStack(stack: ReadFleetStack): StackSummary {
  return {
    environment: stack.environment.name,
    topology: stack.environment.topology,
    members: allMembers(stack.members).map((member) => member.name),
    resources: resourcesIn(stack).length,
  };
}
