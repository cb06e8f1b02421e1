import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { Construct } from 'constructs';
import { EphemeralPassword, unwrap } from './ephemeral-password';
import { pin } from './pin';

/** Whose password a secret holds, and the version that it changes with. */
export interface ProxySecretProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** PostgreSQL role whose password it is. */
  readonly user: string;
  /** Raise it by one to have a new password made. */
  readonly passwordVersion: number;
  /** ARN of the key that encrypts the secret. */
  readonly keyArn: string;
}

/**
 * Name and password of the PostgreSQL role that the proxy logs in as.
 *
 * The secret comes first and the role takes its password from it: the bootstrap reads it and sets what it reads.
 */
export class ProxySecret extends Construct {
  /** ARN of the secret (token). */
  readonly arn: string;
  /** The secret's content: who reads the secret waits for it. */
  readonly content: SecretsmanagerSecretVersion;

  constructor(scope: Construct, id: string, props: ProxySecretProps) {
    super(scope, id);
    const { name, passwordVersion, user } = props;
    const password = new EphemeralPassword(this, 'password', {
      logicalId: 'proxy-password',
      changesWith: `${user} ${passwordVersion}`,
    });
    const secret = pin(
      new SecretsmanagerSecret(this, 'secret', {
        name: `readfleet/${name}/proxy`,
        description: `Role of the proxy of the database fleet ${name}`,
        kmsKeyId: props.keyArn,
        // Nothing is lost with it, while a deleted secret that waits keeps its name: a proxy could not come back for weeks.
        recoveryWindowInDays: 0,
      }),
      'proxy',
    );
    this.arn = secret.arn;
    this.content = pin(
      new SecretsmanagerSecretVersion(this, 'content', {
        secretId: secret.id,
        secretStringWo: `\${jsonencode({ username = "${user}", password = ${unwrap(password.value)} })}`,
        secretStringWoVersion: passwordVersion,
        // The version tells Terraform of a new password, but not of a new name.
        lifecycle: { replaceTriggeredBy: [password.changed] },
      }),
      'proxy',
    );
  }
}
