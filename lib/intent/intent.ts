/** Where a statement may run. `primary` is the answer whenever `replica` cannot be proved. */
export type Target = 'primary' | 'replica';

/** What a statement is, as far as routing cares. */
export interface Intent {
  readonly target: Target;
  /**
   * Why, in a few stable words for people and metrics: `reads`, `writes`, `locks rows`, `session state`,
   * `volatile function nextval`, `unknown function f`, `not understood`, …
   */
  readonly reason: string;
}

/** Something in a statement that speaks against a standby. */
export interface Finding {
  readonly reason: string;
  /**
   * Whether the caller's word (`readfleet: replica` in a comment) may overrule it. True where we merely do not know
   * (an unknown or user-defined function); false where we do (a write, a lock, an effect on the server).
   */
  readonly arguable: boolean;
}

/** A finding that no promise of the caller overrules. */
export function certain(reason: string): Finding {
  return { reason, arguable: false };
}

/** A finding that the caller may overrule, because it states what we do not know rather than what we do. */
export function arguable(reason: string): Finding {
  return { reason, arguable: true };
}
