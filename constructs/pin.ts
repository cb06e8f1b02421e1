import { type TerraformElement, TerraformStack } from 'cdktf';

/** Context under which a second fleet in one stack says what its logical ids begin with. */
export const LOGICAL_ID_PREFIX = 'readfleet:logical-id-prefix';

/** Names given so far, by stack: cdktf merges two resources of the same type and name without a word. */
const given = new WeakMap<TerraformStack, Set<string>>();

/**
 * Gives `element` a logical id that does not depend on where its construct stands in the tree
 * (docs/decisions/0011-logical-ids.md). Call it right after the element was made: once its id was read, cdktf refuses.
 *
 * @returns the element
 * @throws Error when the stack has an element of this type and name already
 */
export function pin<T extends TerraformElement>(element: T, name: string): T {
  const prefix: unknown = element.node.tryGetContext(LOGICAL_ID_PREFIX);
  const logicalId = typeof prefix === 'string' && prefix !== '' ? `${prefix}-${name}` : name;
  const stack = TerraformStack.of(element);
  const names = given.get(stack) ?? new Set();
  const key = `${element.constructor.name} ${logicalId}`;
  if (names.has(key)) {
    throw new Error(
      `Two ${element.constructor.name} of stack "${stack.node.id}" have the logical id "${logicalId}". ` +
        `For a second fleet in one stack, set a prefix: scope.node.setContext('${LOGICAL_ID_PREFIX}', 'billing').`,
    );
  }
  given.set(stack, names.add(key));
  element.overrideLogicalId(logicalId);
  return element;
}
