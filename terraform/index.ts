/**
 * Finding and running the real Terraform: for the tests, for the guided run and for people.
 *
 * @module
 */
export { settled } from './applied-state';
export { type Diagnostic, formatDiagnostics } from './diagnostics';
export { type DownloadOptions, downloadProvider } from './download-provider';
export { findTerraform, type TerraformFinding } from './find-terraform';
export type { AppliedResource, AppliedState, MockTestOutcome, Relation, RelationOutcome, RunStatus } from './mock-test';
export { mockable, STAND_IN } from './mockable';
export { countActions, ofType, type Plan, type PlannedAction, type PlannedResource } from './plan';
export { findProviderMirror, type MirrorFinding, type MirrorSearch } from './provider-mirror';
export { chooseProviderSource, type ProviderSource } from './provider-source';
export { TerraformError, type TerraformErrorCode } from './terraform-error';
export { PROVIDER_CONSTRAINT, TERRAFORM_FLOOR } from './version';
export {
  planStack,
  TerraformWorkspace,
  type Validation,
  validateStack,
  type WorkspaceOptions,
  withWorkspace,
} from './workspace';
