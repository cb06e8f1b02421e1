import { Construct } from 'constructs';
import type { FleetContract } from '../lib/contract';
import type { InstancesEnvironment, RemoteReplicaSettings } from './environment';
import type { Primary } from './primary';

export interface RemoteReplicaProps {
  readonly environment: InstancesEnvironment;
  /** The replica's name. */
  readonly replicaName: string;
  readonly settings: RemoteReplicaSettings;
  readonly primary: Primary;
  /** The fleet's contract, which the one of the replica's region derives from. */
  readonly contract: FleetContract;
  readonly offline: boolean;
}

/** A read replica in another region, with a key, a security group, settings and a fleet contract of that region. */
export class RemoteReplica extends Construct {
  /** Host name (token). */
  readonly host!: string;

  constructor(scope: Construct, id: string, _props: RemoteReplicaProps) {
    super(scope, id);
  }
}
