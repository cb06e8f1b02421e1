import { ReadfleetError } from '../lib/errors';
import type { Diagnostic } from './diagnostics';

/** Why a Terraform command came to no good end. */
export type TerraformErrorCode =
  | 'READFLEET_TERRAFORM_MISSING'
  | 'READFLEET_PROVIDER_MISSING'
  | 'READFLEET_STACK_MISSING'
  | 'READFLEET_TERRAFORM_FAILED'
  | 'READFLEET_TERRAFORM_TIMEOUT'
  | 'READFLEET_TERRAFORM_ABORTED';

/** A Terraform command that failed, with what Terraform said about the configuration. */
export class TerraformError extends ReadfleetError {
  /** Empty when Terraform did not get as far as reading the configuration. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    code: TerraformErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly diagnostics?: readonly Diagnostic[] } = {},
  ) {
    super(code, message, options.cause === undefined ? {} : { cause: options.cause });
    this.diagnostics = options.diagnostics ?? [];
  }
}
