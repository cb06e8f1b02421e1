import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { KmsKeyPolicy } from '@cdktf/provider-aws/lib/kms-key-policy';
import { Fn, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { prefix } from './environment';
import { keyPolicy } from './key-policy';
import { pin } from './pin';

/** `arn:aws:kms:<region>:<account>:…` */
const ACCOUNT_IN_ARN = 4;

/** Which fleet the key is for, and how hard it is to lose: unless told, no plan destroys it, and deletion takes 30 days. */
export interface EncryptionKeyProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region, which names the services in the key's policy. */
  readonly region: string;
  /**
   * Days in which a deleted key can be had back, 7 to 30. What it encrypted is lost with it.
   * @default 30
   */
  readonly deletionWindowDays?: number;
  /**
   * Whether Terraform refuses plans that would destroy it.
   * @default true
   */
  readonly preventDestroy?: boolean;
}

/** One key for all that the fleet keeps: storage, snapshots, insights, secrets, logs, alarms. Rotated each year by AWS. */
export class EncryptionKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;
  /** Account that the key, and so the fleet, is in (token): known without asking AWS who is calling. */
  readonly accountId: string;
  /** What lets services use the key: logs and alarms that it encrypts wait for it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const name = prefix(props.fleet, props.environment);
    const key = pin(
      new KmsKey(this, 'key', {
        description: `Encrypts the database fleet ${name}`,
        enableKeyRotation: true,
        deletionWindowInDays: props.deletionWindowDays ?? 30,
        lifecycle: { preventDestroy: props.preventDestroy ?? true },
      }),
      'fleet',
    );
    pin(new KmsAlias(this, 'alias', { name: `alias/readfleet/${name}`, targetKeyId: key.keyId }), 'fleet');
    this.arn = key.arn;
    this.accountId = Token.asString(Fn.element(Fn.split(':', key.arn), ACCOUNT_IN_ARN));
    // Apart from the key, since it names the account, which is read off the key's own ARN.
    const policy = pin(
      new KmsKeyPolicy(this, 'policy', {
        keyId: key.keyId,
        policy: JSON.stringify(keyPolicy({ name, region: props.region, accountId: this.accountId })),
      }),
      'fleet',
    );
    this.ready = [policy];
  }
}
