import type { SupportedTopology } from './environment';

/** Where every member listens. RDS Proxy for PostgreSQL knows no other port, so no fleet has another. */
export const POSTGRES_PORT = 5432;

/** One PostgreSQL server of a deployed fleet. Texts marked so are tokens: Terraform knows their values, synth does not. */
export interface FleetMember {
  /** `primary`, or the replica's name. */
  readonly name: string;
  /** Identifier in RDS, e.g. `orders-production-blue`. */
  readonly identifier: string;
  /** Host name (token). */
  readonly host: string;
  readonly port: number;
  /** ARN (token). */
  readonly arn: string;
  /** Resource id that IAM policies name, `db-…` (token). */
  readonly resourceId: string;
  /** Availability zone, where the environment fixes it. */
  readonly zone?: string;
  /** Share of reads relative to the other readers; readers only. */
  readonly weight?: number;
}

/**
 * What every topology returns, and all that the rest of the house knows of it: alarms, dashboards, exports and policies are
 * written against this.
 */
export interface FleetMembers {
  readonly topology: SupportedTopology;
  readonly writer: FleetMember;
  /** In the order in which the environment names them; at least one. */
  readonly readers: readonly FleetMember[];
  /** ARN of the secret with the master user's name, password and address (token). */
  readonly masterSecretArn: string;
}

/** The writer, then the readers. */
export function allMembers(members: FleetMembers): readonly FleetMember[] {
  return [members.writer, ...members.readers];
}
