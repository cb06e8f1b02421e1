/** Where a statement may run. `primary` is the answer whenever `replica` cannot be proved. */
export type Target = 'primary' | 'replica';

/**
 * What a statement leaves behind in the session that ran it:
 * - `begin read only`: a transaction that a standby can run
 * - `begin`: any other transaction
 * - `end`: the transaction is over, and no other has begun
 * - `binds`: whatever else lives on in a session, or may: settings, roles, temporary objects, prepared statements, cursors,
 *   advisory locks, listeners, savepoints; what unknown code does; and every text of several statements of which one has
 *   an effect
 */
export type SessionEffect = 'begin' | 'begin read only' | 'end' | 'binds';

/** What a statement is, as far as routing cares. Frozen, and shared by many texts. */
export interface Intent {
  readonly target: Target;
  /**
   * Why, in a few stable words for people and metrics: `reads`, `writes`, `locks rows`, `session state`,
   * `volatile function nextval`, `unknown function f`, `not understood`, …
   */
  readonly reason: string;
  /**
   * What it leaves behind in its session; absent when nothing, as for every statement whose target is a replica.
   *
   * Of a statement that writes rows only what is certain is told: what its triggers, defaults and expressions do in the
   * session is not looked for, because a session in which something was written stays on the primary anyway.
   */
  readonly session?: SessionEffect;
  /**
   * Whether it may change what names stand for, so that the catalogue is to be looked at once it has succeeded, and once
   * more when the transaction it ran in has ended. A `SELECT` of a function that runs DDL is not among them.
   */
  readonly ddl?: true;
}

/** What a statement leaves behind. */
export type Effects = Pick<Intent, 'session' | 'ddl'>;

/** It leaves something in the session, or may. */
export const BINDS: Effects = Object.freeze({ session: 'binds' });

/** It may change what names stand for. */
export const DEFINES: Effects = Object.freeze({ ddl: true });

/** Nobody knows what it does. */
export const ANYTHING: Effects = Object.freeze({ session: 'binds', ddl: true });

const NONE: Effects = Object.freeze({});

/** Something in a statement that speaks against a standby. */
export interface Finding {
  /** What becomes of a statement in which nothing weightier is found. */
  readonly intent: Intent;
  /**
   * Whether the caller's word (`readfleet: replica` in a comment) may overrule it. True where we merely do not know
   * (an unknown or user-defined function); false where we do (a write, a lock, an effect on the server).
   */
  readonly arguable: boolean;
}

/** A finding that no promise of the caller overrules. */
export function certain(reason: string, effects: Effects = NONE): Finding {
  return { intent: primary(reason, effects), arguable: false };
}

/** A finding that the caller may overrule, because it states what we do not know rather than what we do. */
export function arguable(reason: string, effects: Effects = NONE): Finding {
  return { intent: primary(reason, effects), arguable: true };
}

/** An intent for the primary. */
export function primary(reason: string, { session, ddl }: Effects = NONE): Intent {
  return Object.freeze({ target: 'primary', reason, ...(session && { session }), ...(ddl && { ddl }) });
}

/**
 * Two findings of one statement as one: the reason of the weightier (a certain one before an arguable one, else the first),
 * and the effects of both.
 */
export function both(first: Finding | undefined, second: Finding | undefined): Finding | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const [heavy, light] = first.arguable && !second.arguable ? [second, first] : [first, second];
  const session = heavy.intent.session ?? light.intent.session;
  const ddl = heavy.intent.ddl ?? light.intent.ddl;
  if (session === heavy.intent.session && ddl === heavy.intent.ddl) return heavy;
  return { intent: primary(heavy.intent.reason, { session, ddl }), arguable: heavy.arguable };
}
