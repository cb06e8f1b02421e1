import { maskUrl } from './database-url';

/** A URL of any kind, what is left of one without its scheme (`app:secret@db`), or words of libpq (`host=db password=secret`). */
const MAY_HOLD_PASSWORD = /:\/\/|^[^/\\:\s]{2,}:.*@|\bpass(?:word|wd)?\s*=/is;

/** Whether `text` looks as if a password may be in it. A path does not: not one with an @, nor one of Windows. */
export function mayHoldPassword(text: string): boolean {
  return MAY_HOLD_PASSWORD.test(text);
}

/** A variable's text as it may be told: a URL of PostgreSQL without its password, and nothing of what else may hold one. */
export function shown(text: string): string {
  if (!mayHoldPassword(text)) return text;
  return /^\s*postgres(?:ql)?:\/\//i.test(text) ? maskUrl(text) : '(hidden)';
}

/** A value of JSON as it may be told, with every text in it as of {@link shown}. */
export function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return shown(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shownValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shownValue(inner)]));
}
