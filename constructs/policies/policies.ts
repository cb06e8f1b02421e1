import { Aspects, type IAspect, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Problem } from '../../lib/problems';
import type { Stage } from '../environment/types';
import { checkAtSynth } from '../problems-at-synth';
import type { Finding, Policy } from './policy';
import { StackView } from './resource';
import { POLICIES, type PolicyCode } from './rules';
import { type Suppression, suppressionsOf } from './suppress';

/** How strictly a stack is judged. Without a stage it is as in production. */
export interface PoliciesOptions {
  /**
   * What the stack is worth: some policies exempt a stage, each with its reason (`exemptions`).
   * @default "production" - which is exempt from nothing
   */
  readonly stage?: Stage;
  /**
   * Keys of the tags that every resource with tags must have.
   * @default - any tag will do
   */
  readonly tags?: readonly string[];
}

/**
 * Holds every resource of a stack against the rules of this folder, also those that no construct of ours made:
 *
 * ```ts
 * Aspects.of(stack).add(new Policies());
 * ```
 *
 * Synth fails with all that they refuse, at once. `suppress()` is the way out, with a reason. cdktf calls no aspect of an app:
 * add it to each stack.
 */
export class Policies implements IAspect {
  private readonly watched = new WeakSet<IConstruct>();

  constructor(private readonly options: PoliciesOptions = {}) {}

  visit(node: IConstruct): void {
    // Only where it was added. What is below is looked at when every other aspect is done with it.
    if (this.watched.has(node) || !Aspects.of(node).all.includes(this)) return;
    this.watched.add(node);
    checkAtSynth(node, () => policyProblems(node, this.options));
  }
}

/** What the policies refuse in `scope` and below, as it is now, and the suppressions that suppress nothing. */
export function policyProblems(scope: IConstruct, options: PoliciesOptions = {}): readonly Problem[] {
  const { stage = 'production', tags = [] } = options;
  const stack = new StackView(TerraformStack.of(scope), tags);
  const used = new Set<Suppression>();
  const problems: Problem[] = [];
  for (const construct of scope.node.findAll()) {
    const resource = stack.of(construct);
    if (!resource) continue;
    for (const policy of policiesFor(resource.type)) {
      const findings = policy.check(resource, stack);
      if (findings.length === 0) continue;
      const suppression = covering(construct, policy);
      if (suppression) used.add(suppression);
      else if (policy.exempt?.[stage] === undefined) {
        problems.push(...findings.map((finding) => asProblem(policy, construct, finding)));
      }
    }
  }
  const stale = scope.node
    .findAll()
    .flatMap(suppressionsOf)
    .filter((suppression) => !used.has(suppression));
  return [...problems, ...stale.map(asStale)];
}

/** What a stage need not keep, and why. */
export function exemptions(stage: Stage): readonly { readonly policy: PolicyCode; readonly reason: string }[] {
  const policies: readonly Policy<PolicyCode>[] = POLICIES;
  return policies.flatMap(({ code, exempt }) => {
    const reason = exempt?.[stage];
    return reason === undefined ? [] : [{ policy: code, reason }];
  });
}

function policiesFor(type: string): readonly Policy[] {
  const policies: readonly Policy[] = POLICIES;
  return policies.filter(({ types }) => types.includes(type) || types.includes('*'));
}

/** The nearest suppression of a policy, on the construct or above it. */
function covering(construct: IConstruct, { code }: Policy): Suppression | undefined {
  return construct.node.scopes
    .flatMap(suppressionsOf)
    .filter(({ policy }) => policy === code)
    .at(-1);
}

function asProblem({ code }: Policy, construct: IConstruct, { property, ...told }: Finding): Problem {
  return { code, path: `${construct.node.path}.${camelCase(property)}`, ...told };
}

function asStale({ policy, path, reason }: Suppression): Problem {
  return {
    code: 'READFLEET_SUPPRESSION_STALE',
    path,
    got: policy,
    message: `The policy refuses nothing here, but is suppressed: "${reason}".`,
    fix: 'Take the suppression away.',
  };
}

/** `storage_encrypted` as cdktf has it: `storageEncrypted`. */
function camelCase(property: string): string {
  return property.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
