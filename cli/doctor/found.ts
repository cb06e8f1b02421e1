import { messageOf } from '../../lib/errors';

/** What was found out, or why it was not: one thing that cannot be seen never hides the others. */
export type Found<T> = { readonly value: T } | { readonly missing: string };

export function isFound<T>(found: Found<T>): found is { readonly value: T } {
  return 'value' in found;
}

/** @returns undefined when it was not found out */
export function factOf<T>(found: Found<T>): T | undefined {
  return isFound(found) ? found.value : undefined;
}

export async function find<T>(work: Promise<T>): Promise<Found<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}
