import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assumedBy, policyDocument } from './iam';
import { pin } from './pin';

/** The one secret that a role lets RDS Proxy read, and the key that encrypts it. */
export interface ProxyRoleProps {
  /** Name of the IAM role, at most 64 characters. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  /** ARN of the one secret that it may read. */
  readonly secretArn: string;
  /** ARN of the key that encrypts the secret. */
  readonly keyArn: string;
}

/** What the proxy reads its secret with, and nothing else. */
export class ProxyRole extends Construct {
  /** ARN (token). */
  readonly arn: string;
  /** Its rights: a proxy that is made before has no way to its secret, and says so only when a client comes. */
  readonly rights: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ProxyRoleProps) {
    super(scope, id);
    const role = pin(
      new IamRole(this, 'role', {
        name: props.name,
        description: 'Lets RDS Proxy read the secret of the role that it logs in as',
        assumeRolePolicy: assumedBy('rds.amazonaws.com'),
      }),
      'proxy',
    );
    this.arn = role.arn;
    this.rights = pin(
      new IamRolePolicy(this, 'policy', {
        name: 'read-its-secret',
        role: role.name,
        policy: JSON.stringify(
          policyDocument([
            {
              Sid: 'ReadItsSecret',
              Effect: 'Allow',
              Action: 'secretsmanager:GetSecretValue',
              Resource: props.secretArn,
            },
            {
              Sid: 'DecryptItsSecret',
              Effect: 'Allow',
              Action: 'kms:Decrypt',
              Resource: props.keyArn,
              Condition: { StringEquals: { 'kms:ViaService': `secretsmanager.${props.region}.amazonaws.com` } },
            },
          ]),
        ),
      }),
      'proxy',
    );
  }
}
