import { Construct } from 'constructs';
import type { MultiAzClusterDatabaseSettings } from '../environment';
import type { FleetMembers } from '../members';

export interface MultiAzClusterProps {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** With every default filled in: see `withMultiAzClusterDefaults`. */
  readonly database: MultiAzClusterDatabaseSettings;
  /** Private subnets in three zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/** A Multi-AZ DB cluster: a writer and two readable standbys. */
export class MultiAzCluster extends Construct {
  readonly members!: FleetMembers;

  constructor(scope: Construct, id: string, _props: MultiAzClusterProps) {
    super(scope, id);
  }
}
