import type { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ReadfleetError } from '../../lib/errors';
import { REASON_LENGTH } from '../environment/schema/suppressions';
import type { SuppressionInput } from '../environment/types';
import { suggestion } from '../nearest';
import { checkAtSynth } from '../problems-at-synth';
import { addressOf, resourcesIn } from '../resources';
import { isPolicyCode, POLICY_CODES, type PolicyCode } from './rules';

/** Under which a construct keeps its suppressions, so that a second copy of the package finds them. */
const METADATA = 'readfleet:suppression';

/** A policy that does not hold for a construct and what is below it, and why. */
export interface Suppression {
  readonly policy: PolicyCode;
  /** Path of the construct, e.g. `staging/members/primary`. */
  readonly path: string;
  readonly reason: string;
}

/**
 * Says that a policy does not hold for `construct` and what is below it.
 *
 * One that suppresses nothing is refused at synth, so that none outlives its reason.
 *
 * @param reason for whoever audits it: 12 characters or more
 * @throws ReadfleetError `READFLEET_SUPPRESSION_POLICY` for a policy that does not exist, `READFLEET_SUPPRESSION_REASON` for no reason
 */
export function suppress(construct: IConstruct, policy: PolicyCode, reason: string): void {
  const at = construct.node.path;
  if (!isPolicyCode(policy)) {
    throw new ReadfleetError(
      'READFLEET_SUPPRESSION_POLICY',
      `${at}: there is no policy "${policy}". ${suggestion(policy, POLICY_CODES)}`,
    );
  }
  const trimmed = reason.trim();
  if (trimmed.length < REASON_LENGTH) {
    throw new ReadfleetError(
      'READFLEET_SUPPRESSION_REASON',
      `${at}: "${trimmed}" is no reason to suppress ${policy}. Say why it need not hold here, in ${REASON_LENGTH} characters or more.`,
    );
  }
  construct.node.addMetadata(METADATA, { policy, path: at, reason: trimmed } satisfies Suppression);
}

/** What is suppressed on `scope` itself. */
export function suppressionsOf(scope: IConstruct): readonly Suppression[] {
  return scope.node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as Suppression);
}

/** Everything that is suppressed in `scope` and below, for audits. */
export function suppressions(scope: IConstruct): readonly Suppression[] {
  return scope.node.findAll().flatMap(suppressionsOf);
}

/** Suppressions as an environment says them: for a resource by its address, or for the whole stack. Call it when all is made. */
export function suppressIn(stack: TerraformStack, all: readonly SuppressionInput[]): void {
  for (const [index, { policy, reason, resource }] of all.entries()) {
    const construct = resource === undefined ? stack : find(stack, resource);
    if (construct) suppress(construct, policy, reason);
    else {
      checkAtSynth(stack, () => [
        {
          code: 'READFLEET_SUPPRESSION_RESOURCE',
          path: `suppressions[${index}].resource`,
          got: resource,
          message: 'The stack has no such resource.',
          fix: 'Name one that it has, e.g. "aws_db_instance.primary", or leave it out for all.',
        },
      ]);
    }
  }
}

function find(stack: TerraformStack, address: string): IConstruct | undefined {
  return resourcesIn(stack).find((resource) => addressOf(resource) === address);
}
