import type { PolicyCode } from '../../policies/rules';

/** A policy that does not hold in an environment, or for one resource of it. One that suppresses nothing is refused. */
export interface SuppressionInput {
  /** E.g. `READFLEET_POLICY_MULTI_AZ`. */
  readonly policy: PolicyCode;
  /** For whoever audits it: 12 characters or more. */
  readonly reason: string;
  /**
   * E.g. `aws_db_instance.primary`.
   * @default - every resource of the environment
   */
  readonly resource?: string;
}
