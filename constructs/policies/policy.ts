import type { Stage } from '../environment/types';

/** What Terraform will know and synth does not: a reference, an output of another resource. A policy lets it pass. */
export const UNKNOWN: unique symbol = Symbol('unknown until Terraform runs');

/** A resource as Terraform will see it: overrides applied, tokens resolved. Properties have Terraform's names. */
export interface PolicyResource {
  /** E.g. `aws_db_instance`. */
  readonly type: string;
  /** E.g. `aws_db_instance.primary`. */
  readonly address: string;
  /** Whether its class has tags, said or not. */
  readonly taggable: boolean;
  /**
   * A property's value, `undefined` where it is not said, or `UNKNOWN`. A path leads into a block: `vpc_config.subnet_ids`.
   * A list may hold single texts that are unknown: see `isUnknownText`.
   */
  get(property: string): unknown;
  /** A text of JSON, parsed; tokens within are texts. */
  document(property: string): unknown;
  /** Address of the resource that a property refers to, e.g. `aws_vpc.network`. */
  reference(property: string): string | undefined;
  /** Whether it speaks of `other` anywhere. */
  mentions(other: PolicyResource): boolean;
}

/** What else the stack has: some questions are about what is missing. */
export interface PolicyStack {
  ofType(...types: readonly string[]): readonly PolicyResource[];
  at(address: string | undefined): PolicyResource | undefined;
  /** Keys of the tags that the stack's providers put on everything. */
  readonly defaultTags: readonly string[];
  /** Keys that every resource with tags must have: an option of the policies. */
  readonly wantedTags: readonly string[];
}

/** One thing that a policy refuses. */
export interface Finding {
  /** Terraform's name of it, e.g. `storage_encrypted`. */
  readonly property: string;
  readonly got: unknown;
  readonly message: string;
  readonly fix: string;
}

/** One rule about resources, whoever made them. */
export interface Policy<Code extends string = string> {
  /** Stable: suppressions hold on to it. */
  readonly code: Code;
  /** What it asks for, in one sentence. */
  readonly title: string;
  /** Controls of AWS Security Hub that it stands for; none when the rule is our own. See docs/policies.md. */
  readonly controls: readonly string[];
  /** Terraform types that it looks at, or `*`: texts, so that no resource's class is loaded for its sake. */
  readonly types: readonly string[];
  /**
   * Stages that need not keep it, with the reason.
   * @default - every stage keeps it
   */
  readonly exempt?: Partial<Readonly<Record<Stage, string>>>;
  readonly check: (resource: PolicyResource, stack: PolicyStack) => readonly Finding[];
}

/** A policy whose code is known to the compiler. */
export function policy<const Code extends `READFLEET_POLICY_${string}`>(policy: Policy<Code>): Policy<Code> {
  return policy;
}

/** A finding when `refused` says so of a property's value. What is unknown passes. */
export function refuse(
  resource: PolicyResource,
  property: string,
  refused: (value: unknown) => boolean,
  told: { readonly message: string; readonly fix: string },
): readonly Finding[] {
  const got = resource.get(property);
  return got === UNKNOWN || !refused(got) ? [] : [{ property, got, ...told }];
}

/** Whether a text holds an expression, whose value only Terraform knows. */
export function isUnknownText(value: unknown): boolean {
  return typeof value === 'string' && /(?:^|[^$])\$\{/.test(value);
}

/** What a list lacks. One that holds something unknown may hold all of it. */
export function lacking(list: unknown, wanted: readonly string[]): readonly string[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.some(isUnknownText) ? [] : wanted.filter((one) => !items.includes(one));
}
