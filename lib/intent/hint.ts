import { scanSync } from 'libpg-query';
import type { Target } from './intent';

const HINT = /readfleet\s*:\s*(primary|replica)\b/gi;

/** Cheap, because nearly no statement has one: is it worth asking the scanner? */
const MARK = /readfleet\s*:/i;

const COMMENTS: ReadonlySet<string> = new Set(['C_COMMENT', 'SQL_COMMENT']);

/**
 * What the comments of a statement ask for: `/* readfleet: primary *\/`, or `-- readfleet: replica`, in any case.
 *
 * PostgreSQL's own scanner finds the comments, so that a string, a dollar-quoted body or a quoted name that holds the
 * same words asks for nothing. Of two contrary hints `primary` wins.
 */
export function hintIn(sql: string): Target | undefined {
  if (!MARK.test(sql)) return undefined;
  let hint: Target | undefined;
  for (const token of scanSync(sql).tokens) {
    if (!COMMENTS.has(token.tokenName)) continue;
    for (const [, target] of token.text.matchAll(HINT)) {
      if (target?.toLowerCase() === 'primary') return 'primary';
      hint = 'replica';
    }
  }
  return hint;
}
