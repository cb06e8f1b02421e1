/** Texts up to this many characters cannot nest deep enough to matter, and are not measured. */
const SHORT = 4_096;

/** The parser's stack bears more than 3000 levels; this leaves half of it to whoever calls. */
const DEEPEST = 1_500;

/** A longer text would keep the parser busy for more than some 20 ms, in which the process answers nobody. */
export const LONGEST = 64 * 1_024;

/** Brackets, commas and everything that puts one expression (`op`) or one query or CASE (`deep`) into another. */
const TOKEN =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(?<open>[([])|(?<close>[)\]])|(?<comma>,)|(?<op>[-+*/<>=~!@#%^&|?:]+|\b(?:not|collate|at|is|isnull|notnull|like|ilike|similar|in|between|escape)\b)|(?<deep>\b(?:union|except|intersect|select|case|else|join)\b)/gi;

interface Level {
  deep: number;
  /** Operators since the last comma: what is before it is not above what comes after. */
  ops: number;
  most: number;
}

/**
 * Whether a text may nest so deep that parsing it exhausts the stack.
 *
 * The parser recurses over the tree. When its stack ends inside of WebAssembly, the memory it held is lost for good
 * (megabytes each time), so such a text must not reach it. This estimates from above without parsing: long lists of
 * values are flat and pass, thousands of chained operators do not. An estimate decides about load, never about truth.
 */
export function tooDeep(sql: string): boolean {
  if (sql.length <= SHORT) return false;
  const outer: Level[] = [];
  let level: Level = { deep: 0, ops: 0, most: 0 };
  for (const { groups } of sql.matchAll(TOKEN)) {
    if (groups === undefined) continue;
    if (groups.op) level.ops += groups.op.length;
    else if (groups.deep) level.deep += 1;
    else if (groups.comma) level.ops = 0;
    else if (groups.open) {
      outer.push(level);
      level = { deep: 0, ops: 0, most: 0 };
    } else if (groups.close) {
      const inner = level;
      level = outer.pop() ?? level;
      if (level !== inner) level.ops += inner.deep + inner.most + 1;
    }
    level.most = Math.max(level.most, level.ops);
    if (level.deep + level.most + outer.length > DEEPEST) return true;
  }
  return false;
}
