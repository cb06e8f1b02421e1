import { DUMMY_KEYS } from './environment';

/** A synthesised stack, as far as working offline is concerned with it. */
export interface StackJson {
  readonly terraform?: { readonly backend?: Record<string, unknown> };
  readonly provider?: Record<string, ProviderBlock | readonly ProviderBlock[]>;
  readonly resource?: Record<string, Record<string, unknown>>;
  readonly [section: string]: unknown;
}

/** One configuration of a provider; more than one need an alias. */
export type ProviderBlock = Record<string, unknown> & { readonly alias?: string };

/** Blocks by which the provider takes on a role: it calls AWS for them before anything is planned. */
const ROLE_BLOCKS = ['assume_role', 'assume_role_with_web_identity'] as const;

/**
 * What `*_override.tf.json` must say so that a stack plans without AWS: state on this disk, and every AWS provider, also
 * those with an alias, with dummy keys and without the calls by which it introduces itself. Regions stay as they are.
 */
export function offlineOverride(stack: StackJson): Record<string, unknown> {
  const blocks = providerBlocks(stack);
  return {
    terraform: { backend: { local: {} } },
    provider: { aws: (blocks.length > 0 ? blocks : [{}]).map(offlineProvider) },
  };
}

/**
 * The stack without what an override file cannot take away: blocks can be replaced by it, but not removed.
 */
export function withoutRoles(stack: StackJson): StackJson {
  if (!stack.provider?.aws) return stack;
  const aws = providerBlocks(stack).map((block) =>
    Object.fromEntries(Object.entries(block).filter(([name]) => !ROLE_BLOCKS.some((role) => role === name))),
  );
  return { ...stack, provider: { ...stack.provider, aws } };
}

function offlineProvider(block: ProviderBlock): ProviderBlock {
  return {
    ...(block.alias ? { alias: block.alias } : {}),
    ...DUMMY_KEYS,
    ...('profile' in block ? { profile: null } : {}),
    ...('shared_config_files' in block ? { shared_config_files: null } : {}),
    ...('shared_credentials_files' in block ? { shared_credentials_files: null } : {}),
    // Asks for the account's number otherwise, and compares it with these.
    ...('allowed_account_ids' in block ? { allowed_account_ids: null } : {}),
    ...('forbidden_account_ids' in block ? { forbidden_account_ids: null } : {}),
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_requesting_account_id: true,
    max_retries: 1,
  };
}

/** The AWS providers of a stack. */
export function providerBlocks(stack: StackJson): readonly ProviderBlock[] {
  const aws = stack.provider?.aws;
  if (aws === undefined) return [];
  return Array.isArray(aws) ? aws : [aws as ProviderBlock];
}
