import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { Construct } from 'constructs';
import { EphemeralPassword, unwrap } from './ephemeral-password';
import { POSTGRES_PORT } from './members';
import { pin } from './pin';
import type { Primary } from './primary';

/** Which password it is, and how hard its secret is to lose: unless told, no plan destroys it, and deletion takes 30 days. */
export interface MasterPasswordProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** Raise it by one to have a new password made. */
  readonly version: number;
  /** ARN of the key that encrypts the secret. */
  readonly keyArn: string;
  /**
   * Days in which a deleted secret can be had back, 7 to 30, or 0 for none.
   * @default 30
   */
  readonly recoveryWindowDays?: number;
  /**
   * Whether Terraform refuses plans that would destroy the secret.
   * @default true
   */
  readonly preventDestroy?: boolean;
}

/**
 * The master user's password, which stands in no state, plan or log (docs/decisions/0010-master-password.md).
 *
 * AWS manages no password of an instance that has read replicas, so one ephemeral value, new in each run, feeds two
 * write-only arguments: the primary's password and the secret's content. Terraform sends them only when their version
 * rises, so both carry the same version and change in the same run.
 */
export class MasterPassword extends Construct {
  /** ARN of the secret. */
  readonly secretArn: string;
  /** Expression of the password of this run. For write-only arguments; Terraform refuses it elsewhere. */
  readonly value: string;
  readonly version: number;

  private readonly secretId: string;

  constructor(scope: Construct, id: string, props: MasterPasswordProps) {
    super(scope, id);
    this.version = props.version;
    this.value = new EphemeralPassword(this, 'password', {
      logicalId: 'master-password',
      changesWith: props.version,
    }).value;

    const secret = pin(
      new SecretsmanagerSecret(this, 'secret', {
        name: `readfleet/${props.name}/master`,
        description: `Master user of the database fleet ${props.name}`,
        kmsKeyId: props.keyArn,
        recoveryWindowInDays: props.recoveryWindowDays ?? 30,
        lifecycle: { preventDestroy: props.preventDestroy ?? true },
      }),
      'master',
    );
    this.secretArn = secret.arn;
    this.secretId = secret.id;
  }

  /**
   * Writes the secret once the primary has taken the password.
   *
   * In this order, because making a primary takes long and may fail, and each run has a password of its own: a secret
   * written first would then tell a password that no primary ever had.
   *
   * @returns what has to be there before anyone reads the secret
   */
  writeAfter(primary: Primary, user: string, database: string): SecretsmanagerSecretVersion {
    const content = [
      'engine = "postgres"',
      `username = "${user}"`,
      `password = ${unwrap(this.value)}`,
      `host = ${unwrap(primary.hostReference)}`,
      `port = ${POSTGRES_PORT}`,
      `dbname = "${database}"`,
    ];
    return pin(
      new SecretsmanagerSecretVersion(this, 'secret-version', {
        secretId: this.secretId,
        secretStringWo: `\${jsonencode({ ${content.join(', ')} })}`,
        secretStringWoVersion: this.version,
        // A primary that is made anew takes the password of that run, whatever the version says.
        lifecycle: { replaceTriggeredBy: [unwrap(primary.resourceIdReference)] },
      }),
      'master',
    );
  }
}
