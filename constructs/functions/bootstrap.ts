import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { RoleKind } from '../../lib/roles/kinds';
import type { FleetMembers } from '../members';
import { pin } from '../pin';
import type { SecretsAccess } from '../secrets-access';
import { FleetFunction, type FunctionSurroundings } from './fleet-function';

/** It waits up to a minute and a half for a primary that was made just now, and reads secrets before that. */
const TIMEOUT_SECONDS = 180;
const MEMORY_MIB = 256;
/** A call for each change of roles: a log worth keeping for an audit, and a short one. */
const LOG_RETENTION_DAYS = 365;

/** A PostgreSQL role that the bootstrap makes. */
export interface BootstrapRole {
  readonly name: string;
  /** `proxy` logs in with the password in a secret, each other with IAM. */
  readonly kind: RoleKind;
  /** Of `proxy`: ARN of its secret (token). */
  readonly secretArn?: string;
  /** Of `proxy`: a change sets the password anew. */
  readonly passwordVersion?: number;
}

/** The roles to make, the database they are for, and the way to the secrets that are read for it. */
export interface BootstrapProps extends FunctionSurroundings {
  readonly database: string;
  readonly members: FleetMembers;
  readonly roles: readonly BootstrapRole[];
  readonly secrets: SecretsAccess;
  /** What must be there first: the key's policy, the secrets, the way to them and to the primary. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The Lambda function that makes the fleet's PostgreSQL roles, and its call in the deployment.
 *
 * It is called when the fleet is made, and again when something changes that it acts on: the roles, a password, the primary, or
 * its own code. To call it changes nothing that is right already, so a person may do it at any time.
 */
export class Bootstrap extends Construct {
  /** The call: who logs in as one of the roles waits for it. */
  readonly done: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    const { database, environment, fleet, members, region, roles, secrets } = props;
    const { host, port, resourceId } = members.writer;
    const bootstrap = new FleetFunction(this, 'function', {
      ...props,
      code: 'bootstrap',
      description: `Makes the PostgreSQL roles of the database fleet ${fleet}-${environment}`,
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMiB: MEMORY_MIB,
      logRetentionDays: LOG_RETENTION_DAYS,
      variables: {
        READFLEET_BOOTSTRAP: JSON.stringify({
          host,
          port,
          database,
          region,
          tls: 'verify-full',
          masterSecretArn: members.masterSecretArn,
          ...(secrets.endpointUrl === undefined ? {} : { secretsEndpoint: secrets.endpointUrl }),
          roles: roles.map(({ name, kind, secretArn }) => ({
            name,
            kind,
            ...(secretArn === undefined ? {} : { secretArn }),
          })),
        }),
      },
      statements: [
        {
          Sid: 'ReadTheSecretsItNeeds',
          Effect: 'Allow',
          Action: 'secretsmanager:GetSecretValue',
          Resource: [
            members.masterSecretArn,
            ...roles.flatMap(({ secretArn }) => (secretArn === undefined ? [] : [secretArn])),
          ],
        },
      ],
    });
    const call = pin(
      new LambdaInvocation(this, 'call', {
        functionName: bootstrap.lambda.functionName,
        // All that it acts on is in its environment: a person who calls it need know nothing.
        input: '{}',
        lifecycleScope: 'CREATE_ONLY',
        triggers: {
          roles: JSON.stringify(roles.map(({ name, kind, passwordVersion }) => ({ name, kind, passwordVersion }))),
          database,
          // A primary that is made anew has none of the roles.
          primary: resourceId,
          code: bootstrap.codeHash,
        },
        dependsOn: [...new Set([...props.after, ...members.ready, ...secrets.ready])],
      }),
      'bootstrap',
    );
    this.done = [call];
  }
}
