/**
 * One read replica. It says where it is and how much it takes.
 *
 * Class, engine, storage, encryption, security group and parameter group come from the primary: a replica that differs
 * in one of them falls behind, or cannot be promoted.
 */
export interface ReplicaInput {
  /** Availability zone, one of the network's. Outside of development, replicas that are all in one zone are refused. */
  readonly zone: string;
  /**
   * Share of reads relative to the other replicas, more than 0.
   * @default 1
   */
  readonly weight?: number;
}

/**
 * A replica that has become, or becomes with the next deployment, an instance of its own.
 *
 * It follows the primary no more, serves no reads of the fleet, and is protected and backed up as the primary is. There is no
 * way back. Move a replica's name here from `replicas`; a name that no replica ever had fails at deployment, and makes nothing.
 * It stays in its zone, which is not said: another zone would mean another instance.
 */
export interface PromotedReplicaInput {
  /** Written out, since a promotion cannot be undone: whoever reviews the change sees what it is. */
  readonly irreversible: true;
}

/** A read replica in another region, in a network that exists there. It has a key of that region. */
export interface RemoteReplicaInput {
  /** AWS region, another than the environment's. */
  readonly region: string;
  /** Zone of that region, one of `subnets`. */
  readonly zone: string;
  readonly vpcId: string;
  /** Private subnet by zone, two or more. */
  readonly subnets: Readonly<Record<string, string>>;
  /**
   * Security groups of that VPC that may reach the replica, beside a client group that is made there.
   * @default - none
   */
  readonly securityGroupIds?: readonly string[];
}

/** One reader of an Aurora cluster. Class and all else come from the cluster. */
export interface AuroraReaderInput {
  /** Availability zone, one of the network's. */
  readonly zone: string;
  /**
   * Share of reads relative to the other readers, more than 0. The library honours it; Aurora's reader endpoint does not.
   * @default 1
   */
  readonly weight?: number;
  /**
   * 0 to 15: the lowest takes over first when the writer fails.
   * @default 1
   */
  readonly promotionTier?: number;
}

/** Aurora adds and removes readers of the same class to hold a target. Apps reach them through the reader endpoint or the proxy. */
export interface ReaderAutoscalingInput {
  /** Readers, those of the environment among them; at least as many as it names. */
  readonly minReaders: number;
  /** 15 at most. */
  readonly maxReaders: number;
  /** What is held, on average over the readers. */
  readonly target:
    | { readonly kind: 'cpu-percent'; readonly value: number }
    | { readonly kind: 'connections'; readonly value: number };
  /**
   * Seconds after one was added before the next is.
   * @default 300
   */
  readonly scaleOutCooldownSeconds?: number;
  /**
   * Seconds after one was removed before the next is.
   * @default 900
   */
  readonly scaleInCooldownSeconds?: number;
}
