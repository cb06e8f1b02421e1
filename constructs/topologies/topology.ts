import type { Construct } from 'constructs';
import type { Environment } from '../environment';
import type { FleetMembers } from '../members';
import type { Primary } from '../primary';
import { Aurora } from './aurora';
import { Instances } from './instances';
import { MultiAzCluster } from './multi-az-cluster';

/** What the members of every topology are given by their surroundings. */
export interface Surroundings {
  /** Private subnets, in every zone that a member names. */
  readonly subnetIds: readonly string[];
  /** Groups that every member has. */
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/** The members of an environment, whatever its topology. */
export function fleetTopology(
  scope: Construct,
  id: string,
  environment: Environment,
  surroundings: Surroundings,
): { readonly members: FleetMembers; readonly primary?: Primary } {
  const { fleet, name, region } = environment;
  const common = { fleet, environment: name, region, ...surroundings };
  switch (environment.topology) {
    case 'instances': {
      const { database, promoted, replicas } = environment;
      return new Instances(scope, id, { ...common, database, replicas, promoted });
    }
    case 'multi-az-cluster':
      return new MultiAzCluster(scope, id, { ...common, database: environment.database });
    case 'aurora': {
      const { autoscaling, database, readers, writerZone } = environment;
      return new Aurora(scope, id, { ...common, database, readers, writerZone, autoscaling });
    }
  }
}
