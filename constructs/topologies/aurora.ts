import { Construct } from 'constructs';
import type { AuroraDatabaseSettings, AuroraReaderSettings, ReaderAutoscalingSettings } from '../environment';
import type { FleetMembers } from '../members';

export interface AuroraProps {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** With every default filled in: see `withAuroraDefaults`. */
  readonly database: AuroraDatabaseSettings;
  readonly writerZone: string;
  /** By name. */
  readonly readers: Readonly<Record<string, AuroraReaderSettings>>;
  readonly autoscaling: ReaderAutoscalingSettings | undefined;
  /** Private subnets, in every zone that a member names. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts storage, insights and the master secret. */
  readonly keyArn: string;
}

/** An Aurora cluster: a writer and readers over one storage. */
export class Aurora extends Construct {
  readonly members!: FleetMembers;

  constructor(scope: Construct, id: string, _props: AuroraProps) {
    super(scope, id);
  }
}
