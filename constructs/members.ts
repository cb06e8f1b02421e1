import type { ITerraformDependable } from 'cdktf';
import type { Topology } from '../lib/contract';

/** Where every member listens. RDS Proxy for PostgreSQL knows no other port, so no fleet has another. */
export const POSTGRES_PORT = 5432;

/** Something that clients connect to. Texts marked so are tokens: Terraform knows their values, synth does not. */
export interface FleetMember {
  /** `primary`, or the reader's name: unique, and what metrics, alarms and runbooks call it. */
  readonly name: string;
  /** Host name (token). Of a cluster's writer, the endpoint that follows the writer. */
  readonly host: string;
  readonly port: number;
  /** Resource id that IAM policies name (token): an instance's `db-…`, or the `cluster-…` that it belongs to. */
  readonly resourceId: string;
  /** Availability zone, where the environment fixes it. */
  readonly zone?: string;
  /** Share of reads relative to the other readers; readers only. */
  readonly weight?: number;
}

/** A server as CloudWatch and RDS know it. In clusters, any of them may be the writer: they change places on failover. */
export interface FleetInstance {
  /** Name of the reader that it is, or `primary`. */
  readonly name: string;
  /** Identifier in RDS, e.g. `orders-production-blue`: a plain text, which CloudWatch has as dimension DBInstanceIdentifier. */
  readonly identifier: string;
  /** Whether it has, or may come to have, the primary's duties: WAL, slots. */
  readonly canWrite: boolean;
}

/**
 * What every topology returns, and all that the rest of the house knows of it: proxy, alarms, dashboard, emitter, exports and
 * policies are written against this.
 */
export interface FleetMembers {
  readonly topology: Topology;
  readonly writer: FleetMember;
  /** In the order in which the environment names them; at least one. */
  readonly readers: readonly FleetMember[];
  /** Every server, each once. */
  readonly instances: readonly FleetInstance[];
  /** Resource ids (tokens) that cover all members, each once, for `rds-db:connect`. */
  readonly connectResourceIds: readonly string[];
  /** ARN of the secret with the master user's name and password (token). */
  readonly masterSecretArn: string;
  /** What must be there before anything registers with, connects to or measures the fleet. */
  readonly ready: readonly ITerraformDependable[];
  /** What RDS Proxy is attached to: an identifier (token). */
  readonly proxyTarget: { readonly kind: 'instance' | 'cluster'; readonly identifier: string };
  /** The name that AWS itself has over the readers of a cluster (token). Instances have none. */
  readonly readerEndpoint?: string;
  /** Storage of each server in GiB as it was allocated; absent where storage is shared and grows by itself. */
  readonly storageGiB?: number;
  /** Group of the servers' parameters (token), where it is one of instances. */
  readonly parameterGroupName?: string;
}

/** The writer, then the readers. */
export function allMembers(members: FleetMembers): readonly FleetMember[] {
  return [members.writer, ...members.readers];
}
