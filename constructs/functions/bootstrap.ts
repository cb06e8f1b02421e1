import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetMembers } from '../members';
import type { SecretsAccess } from '../secrets-access';

/** A PostgreSQL role that the bootstrap makes. */
export interface BootstrapRole {
  readonly name: string;
  /**
   * - `app`, `emitter`: logs in with IAM; the emitter may look at monitoring
   * - `proxy`: logs in with the password in a secret
   */
  readonly kind: 'app' | 'emitter' | 'proxy';
  /** Of `proxy`: ARN of its secret (token). */
  readonly secretArn?: string;
  /** Of `proxy`: a change sets the password anew. */
  readonly passwordVersion?: number;
}

export interface BootstrapProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly database: string;
  readonly members: FleetMembers;
  readonly roles: readonly BootstrapRole[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly secrets: SecretsAccess;
  /** ARN of the fleet's key, which encrypts the secrets. */
  readonly keyArn: string;
  /** What must be there first: the key's policy, the secrets, the way to them and to the primary. */
  readonly after: readonly ITerraformDependable[];
}

/** The Lambda function that makes the fleet's PostgreSQL roles, and its call in the deployment. */
export class Bootstrap extends Construct {
  /** The call: who logs in as one of the roles waits for it. */
  readonly done: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, _props: BootstrapProps) {
    super(scope, id);
  }
}
