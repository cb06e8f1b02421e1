import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetContract } from '../../lib/contract';
import type { EmitterSettings } from '../environment';
import type { FleetMembers } from '../members';

export interface EmitterProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly settings: EmitterSettings;
  /** The apps' contract; the emitter takes what it needs of it. */
  readonly contract: FleetContract;
  readonly members: FleetMembers;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the fleet's key. */
  readonly keyArn: string;
  /** What must be there first: the key's policy, the role in the database. */
  readonly after: readonly ITerraformDependable[];
}

/** The Lambda function that measures replica lag, with all that it needs to run each minute. */
export class Emitter extends Construct {
  /** Plain texts, as CloudWatch's dimensions have them. */
  readonly functionName!: string;
  readonly ruleName!: string;
  readonly deadLetterQueueName!: string;

  constructor(scope: Construct, id: string, _props: EmitterProps) {
    super(scope, id);
  }
}
