import type { SessionEffect } from '../../../../lib/intent';

/** What a statement is expected to leave behind; absent when nothing. */
export interface Effects {
  readonly session?: SessionEffect;
  readonly ddl?: true;
}

/** It leaves something in the session, or may. */
export const BINDS: Effects = { session: 'binds' };
/** It may change what names stand for. */
export const DEFINES: Effects = { ddl: true };
/** It may do anything. */
export const ANYTHING: Effects = { session: 'binds', ddl: true };

/** A statement and what is expected of the classifier. */
export interface Statement {
  readonly subject: string;
  readonly sql: string;
  /** `reads` means replica; anything else is the reason to stay on the primary. */
  readonly reason: string;
  readonly effects: Effects;
  /** Sent to the primary although a standby would serve it as well: the price of proving. */
  readonly needless: boolean;
}

export function reads(subject: string, statements: readonly string[]): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason: 'reads', effects: {}, needless: false }));
}

export function primary(
  subject: string,
  reason: string,
  statements: readonly string[],
  effects: Effects = {},
): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason, effects, needless: false }));
}

export function needless(
  subject: string,
  reason: string,
  statements: readonly string[],
  effects: Effects = {},
): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason, effects, needless: true }));
}

/** The whole answer that is expected. */
export function intentOf({ reason, effects }: Statement): object {
  return { target: reason === 'reads' ? 'replica' : 'primary', reason, ...effects };
}
