import { type PolicyResource, UNKNOWN } from '../policy';

/** One statement of an IAM policy, its lists made lists. What is unknown at synth is a text of its own, or missing. */
export interface Statement {
  readonly effect: unknown;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
  /** As it was written. */
  readonly source: unknown;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type Written = Readonly<Record<string, unknown>>;

/** The statements of a policy that a property holds as JSON; none where it is unknown. */
export function policyTexts(resource: PolicyResource, property: string): readonly Statement[] {
  const document = resource.document(property);
  if (document === UNKNOWN || typeof document !== 'object' || document === null) return [];
  return [(document as Written).Statement ?? []]
    .flat()
    .filter((one): one is Written => typeof one === 'object' && one !== null)
    .map((written) => ({
      effect: written.Effect,
      actions: texts(written.Action),
      resources: texts(written.Resource),
      principals: principals(written.Principal),
      conditions: conditions(written.Condition),
      source: written,
    }));
}

/** Whether a statement allows one of these actions, given in lower case. Wildcards count. */
export function allowed({ effect, actions }: Statement, wanted: readonly string[]): boolean {
  return effect === 'Allow' && actions.some((action) => wanted.some((one) => matches(action.toLowerCase(), one)));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function principals(written: unknown): readonly string[] {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
    ? Object.values(written).flatMap(texts)
    : texts(written);
}

function conditions(written: unknown): readonly Condition[] {
  return Object.entries((written ?? {}) as Written).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as Written).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: texts(values),
    })),
  );
}

function texts(written: unknown): readonly string[] {
  return written === undefined ? [] : [written].flat().map(String);
}
