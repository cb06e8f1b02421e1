import { isPlain } from './given';

/** Copies that are being made: repositories may hold one another. */
const making = new Map<object, object>();

/**
 * An object of the same class with the same fields, each as `fieldOf` has it.
 *
 * @param fieldOf may copy what holds the original again, which then holds the copy
 */
export function copyOf<T extends object>(original: T, fieldOf: (name: string, value: unknown) => unknown): T {
  const begun = making.get(original);
  if (begun) return begun as T;
  const copy: T = Object.create(Object.getPrototypeOf(original));
  making.set(original, copy);
  try {
    const fields = Object.entries(original).map(([name, value]) => [name, fieldOf(name, value)]);
    return Object.assign(copy, original, Object.fromEntries(fields));
  } finally {
    making.delete(original);
  }
}

const NAME = /#[\p{ID_Start}$_][\p{ID_Continue}$]*/u.source;
const USED = new RegExp(`\\.\\s*(${NAME})`, 'gu');
const STATIC = new RegExp(`\\bstatic\\s+(?:async\\s+)?(?:\\*\\s*)?(?:[gs]et\\s+)?(${NAME})`, 'gu');

/**
 * A field of JavaScript's own privacy, `#count`, that methods of the object use, with its class. No copy has it, and nothing but the source of a class tells of it.
 *
 * @param below the prototype at which to stop
 */
export function privateFieldOf(
  object: object,
  below: object,
): { readonly of: string; readonly name: string } | undefined {
  let prototype: object | null = Object.getPrototypeOf(object);
  while (prototype !== null && prototype !== below) {
    const { constructor: ofClass } = prototype;
    const source = Function.prototype.toString.call(ofClass);
    // One of the class itself is not in the object.
    const statics = new Set([...source.matchAll(STATIC)].map(([, name]) => name));
    for (const [, name = ''] of source.matchAll(USED)) if (!statics.has(name)) return { of: ofClass.name, name };
    prototype = Object.getPrototypeOf(prototype);
  }
  return undefined;
}

/**
 * What is wrong with a field in a transaction, as the end of a sentence; undefined for nothing.
 *
 * @param isRepository of a repository that cannot be in the transaction
 */
export function problemOfField(value: unknown, isRepository: (value: unknown) => boolean): string | undefined {
  const outside = (what: string, mend: string) => `${what}, which would not run in the transaction. ${mend}`;
  if (typeof value === 'function') return outside('a function in a field', 'Make it a method.');
  if (isConnection(value)) return outside('a fleet, a pool or a client', 'Send statements by this.rows().');
  if (isRepository(value)) return outside('a repository of another fleet', 'Give it to the methods that need it.');
  // Not within objects of classes: those have their own ways, and may mean to stay outside.
  const held = typeof value === 'object' && value && (Array.isArray(value) || isPlain(value)) ? value : {};
  return Object.values(held).some((one) => isRepository(one) || isConnection(one))
    ? outside('a list or object with repositories, fleets or pools', 'Have each repository as a field.')
    : undefined;
}

/** Whether statements can be sent by it: a fleet, a pool, a client, the inside of another transaction. What only takes one of them, as a keyset does, is none. */
function isConnection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('query' in value) || typeof value.query !== 'function')
    return false;
  return 'write' in value || 'connect' in value || 'member' in value;
}
