import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { prefix } from './environment';
import { pin } from './pin';

export interface EncryptionKeyProps {
  readonly fleet: string;
  readonly environment: string;
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

/** One key for all that the fleet keeps: storage, snapshots, insights and the master secret. Rotated each year by AWS. */
export class EncryptionKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;

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
  }
}
