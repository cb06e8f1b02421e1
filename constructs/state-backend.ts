import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { Backend } from './environment';

/** Where an environment wants its state kept, and the names that make up its key in a bucket. */
export interface StateBackendProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region of the environment, which the bucket's defaults to. */
  readonly region: string;
  readonly backend: Backend;
  /**
   * Keep the state beside the stack instead, for plans without an account.
   * @default false
   */
  readonly offline?: boolean;
}

/** Where the stack's state is kept: encrypted in S3 with a lock file, or in a local file. */
export function stateBackend(stack: TerraformStack, props: StateBackendProps): void {
  const { backend, environment, fleet } = props;
  // Paths are relative to the stack's folder, three below the project's: an absolute one would differ on each machine.
  if (props.offline) new LocalBackend(stack, { path: 'offline.tfstate' });
  else if (backend.kind === 'local') new LocalBackend(stack, { path: `../../../terraform.${environment}.tfstate` });
  else {
    const s3 = new S3Backend(stack, {
      bucket: backend.bucket,
      key: backend.key ?? `readfleet/${fleet}/${environment}.tfstate`,
      region: backend.region ?? props.region,
      encrypt: true,
      ...(backend.kmsKeyArn === undefined ? {} : { kmsKeyId: backend.kmsKeyArn }),
    });
    // No typed property in cdktf 0.21: without it two deployments at once overwrite each other.
    s3.addOverride('use_lockfile', true);
  }
}
