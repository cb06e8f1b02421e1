/** Texts up to this many characters cannot nest deep enough to matter, and are not measured. */
const SHORT = 4_096;

/** The parser's stack bears more than 3000 levels; this leaves half of it to whoever calls. */
const DEEPEST = 1_500;

/** Longer texts take the parser more than about 30 ms, in which the process answers nobody. */
export const LONGEST = 128 * 1_024;

/** What opens a level of the tree: an operator, a bracket, or a keyword that takes an operand. */
const LEVEL =
  /[-+*/<>=~!@#%^&|?:([]|\b(?:not|union|except|intersect|select|case|else|collate|at|is|isnull|notnull|like|ilike|similar|join|in|between|distinct|escape)\b/gi;

/** Quoted strings hold data. Roughly: to misjudge one moves the estimate, and nothing else. */
const STRINGS = /'(?:[^']|'')*'/g;

/**
 * Whether a text may nest so deep that parsing it exhausts the stack.
 *
 * The parser recurses over the tree. When its stack ends inside of WebAssembly, the memory it held is lost for good
 * (megabytes each time), so such a text must not reach it. Counts an upper bound of the depth, not the depth: long
 * lists of values are flat and pass, thousands of chained operators do not.
 */
export function tooDeep(sql: string): boolean {
  if (sql.length <= SHORT) return false;
  let levels = 0;
  for (const _ of sql.replace(STRINGS, "''").matchAll(LEVEL)) if (++levels > DEEPEST) return true;
  return false;
}
