import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';

/**
 * Provider versions that the synthesised JSON is good for (docs/decisions/0012-provider-constraint.md).
 * The bindings would pin the one they were generated from.
 */
export const PROVIDER_CONSTRAINT = '>= 5.100.0, < 7.0.0';
/** Write-only arguments and ephemeral resources, which keep the password out of the state, need this Terraform. */
export const TERRAFORM_CONSTRAINT = '>= 1.11.0';

/** Keys that say what they are for: a stack synthesised offline can be planned, and never applied to AWS. */
const OFFLINE = {
  accessKey: 'offline-plan-only',
  secretKey: 'offline-plan-only',
  skipRequestingAccountId: true,
  skipCredentialsValidation: true,
  skipMetadataApiCheck: 'true',
  skipRegionValidation: true,
} as const;

/** The region that a provider works in, and whether it may call AWS while planning. */
export interface AwsProviderProps {
  /** AWS region, e.g. `eu-central-1`. */
  readonly region: string;
  /**
   * Make no call to AWS while planning, with keys that AWS refuses.
   * @default false - credentials, account and endpoints come from the environment of whoever deploys
   */
  readonly offline?: boolean;
}

/** The aws provider of a stack, and the versions of provider and Terraform that the stack needs. */
export function awsProvider(stack: TerraformStack, props: AwsProviderProps): AwsProvider {
  stack.addOverride('terraform.required_providers.aws.version', PROVIDER_CONSTRAINT);
  stack.addOverride('terraform.required_version', TERRAFORM_CONSTRAINT);
  return new AwsProvider(stack, 'aws', { region: props.region, ...(props.offline ? OFFLINE : {}) });
}

/**
 * The aws provider of a stack for another region. One serves all that is there: a second call gives the same.
 *
 * Provider 5.100 knows no `region` of single resources, so each region needs a provider, with an alias.
 */
export function remoteAwsProvider(stack: TerraformStack, { region, offline }: AwsProviderProps): AwsProvider {
  const id = `aws-${region}`;
  const known = stack.node.tryFindChild(id);
  if (known instanceof AwsProvider) return known;
  return new AwsProvider(stack, id, { alias: region, region, ...(offline ? OFFLINE : {}) });
}
