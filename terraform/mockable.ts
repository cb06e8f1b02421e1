import type { StackJson } from './overrides';

/** What stands where an ephemeral value was: a text to search for wherever no secret may be. */
export const STAND_IN = 'readfleet-stand-in';

/** Address of an ephemeral resource, and the attribute that is read of it. */
const REFERENCE = /\bephemeral\.(\w+)\.([\w-]+)\.(\w+)/g;

/**
 * The stack as a mocked provider can apply it, and as it can be planned against the state that came of it.
 *
 * `mock_provider` knows no ephemeral resources, so plain locals stand in for them (docs/decisions/0010-master-password.md):
 * write-only arguments take those as well, and no other argument could have had the real ones. `prevent_destroy` is taken
 * out, as the test could not clean up after itself.
 */
export function mockable(stack: StackJson): StackJson {
  const { ephemeral: _, ...rest } = stack;
  const locals: Record<string, Record<string, string>> = {};
  const standIn = (text: string) =>
    text.replaceAll(REFERENCE, (_match, type: string, name: string, attribute: string) => {
      const local = `ephemeral_${type}_${name}`;
      locals[local] = { ...locals[local], [attribute]: `${STAND_IN}-${name}` };
      return `local.${local}.${attribute}`;
    });
  const mocked = mapTexts(rest, standIn) as StackJson;
  return {
    ...mocked,
    locals: { ...(mocked.locals as object | undefined), ...locals },
    resource: withoutProtection(mocked.resource ?? {}),
  };
}

function withoutProtection(resources: NonNullable<StackJson['resource']>): NonNullable<StackJson['resource']> {
  return mapResources(resources, (resource) => {
    const { lifecycle, ...rest } = resource as { readonly lifecycle?: Readonly<Record<string, unknown>> };
    if (lifecycle === undefined) return resource;
    const { prevent_destroy: _, ...kept } = lifecycle;
    return Object.keys(kept).length > 0 ? { ...rest, lifecycle: kept } : rest;
  });
}

function mapResources(
  resources: NonNullable<StackJson['resource']>,
  change: (resource: object) => object,
): NonNullable<StackJson['resource']> {
  return Object.fromEntries(
    Object.entries(resources).map(([type, all]) => [
      type,
      Object.fromEntries(Object.entries(all).map(([name, resource]) => [name, change(resource as object)])),
    ]),
  );
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}
