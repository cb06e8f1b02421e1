import type { AppliedResource, AppliedState } from './mock-test';
import type { Plan } from './plan';

/** Attributes whose type only the value tells: a state file says it beside the value. */
const DYNAMIC: Readonly<Record<string, readonly string[]>> = {
  terraform_data: ['input', 'output', 'triggers_replace'],
};

/**
 * The state as a real apply would have left it: what the real provider's plan knew, and the mocked values for what only
 * the apply could tell. A mocked provider fills in no defaults of its own, so a plan against its bare state would change
 * or replace nearly everything.
 *
 * @param plan from nothing, of the same stack
 */
export function settled(state: AppliedState, plan: Plan): AppliedState {
  const planned = new Map(plan.resources.map((resource) => [resource.address, resource]));
  const resources = state.resources.map((resource) => {
    const { after, afterUnknown = {} } = planned.get(resource.address) ?? {};
    if (!after) return resource;
    const known = Object.entries(after).filter(([name]) => !containsTrue(afterUnknown[name]));
    return { ...resource, values: { ...resource.values, ...Object.fromEntries(known) } };
  });
  return { ...state, resources };
}

/** The document that Terraform keeps as `terraform.tfstate`. */
export function stateFile(state: AppliedState): Record<string, unknown> {
  return {
    version: 4,
    terraform_version: '1.11.0',
    serial: 1,
    lineage: 'readfleet-mocked',
    outputs: {},
    resources: state.resources.map((resource) => ({
      mode: resource.mode,
      type: resource.type,
      name: resource.name,
      provider: `provider["${resource.provider}"]${resource.alias === undefined ? '' : `.${resource.alias}`}`,
      instances: [
        {
          schema_version: resource.schemaVersion,
          attributes: attributes(resource),
          sensitive_attributes: sensitivePaths(resource.sensitive),
          dependencies: resource.dependsOn,
        },
      ],
    })),
  };
}

function attributes({ type, values }: AppliedResource): Record<string, unknown> {
  const dynamic = DYNAMIC[type] ?? [];
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      dynamic.includes(name) && value !== null ? { value, type: typeof value } : value,
    ]),
  );
}

/** Terraform plans an update, though nothing changes, of what it finds sensitive now and not in the state. */
function sensitivePaths(sensitive: unknown, path: readonly object[] = []): unknown[] {
  if (sensitive === true) return [path];
  if (typeof sensitive !== 'object' || sensitive === null) return [];
  return Object.entries(sensitive).flatMap(([key, inner]) => {
    const step = Array.isArray(sensitive)
      ? { type: 'index', value: { value: Number(key), type: 'number' } }
      : { type: 'get_attr', value: key };
    return sensitivePaths(inner, [...path, step]);
  });
}

function containsTrue(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsTrue);
}
