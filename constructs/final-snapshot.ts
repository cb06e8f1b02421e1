import type { Construct } from 'constructs';
import { pin } from './pin';
import { TerraformData } from './terraform-data';

/** Whether a database leaves a snapshot, and what the snapshot's name begins with. */
export interface FinalSnapshotProps {
  /** Whether what is destroyed leaves a snapshot. */
  readonly wanted: boolean;
  /** Identifier in RDS of what is destroyed. */
  readonly identifier: string;
  /**
   * Logical id of the life: one per database that leaves a snapshot.
   * @default "life"
   */
  readonly life?: string;
}

/**
 * What an instance or a cluster says of its last snapshot.
 *
 * Part of the name is new in each life of the fleet: a fixed one stands in the way when it is destroyed a second time.
 */
export function finalSnapshot(scope: Construct, { wanted, identifier, life = 'life' }: FinalSnapshotProps) {
  if (!wanted) return { skipFinalSnapshot: true };
  const data = pin(new TerraformData(scope, 'life'), life);
  return {
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: `${identifier}-final-\${substr(terraform_data.${data.friendlyUniqueId}.id, 0, 8)}`,
  };
}
