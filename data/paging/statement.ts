import { ReadfleetError } from '../../lib/errors';
import { type Fragment, Numbered } from '../sql/fragment';
import { orderBySql, reversed } from '../sql/order';
import type { Ordering } from './options';
import type { CheckedRequest } from './request';
import { keySql, stretches } from './sql';

/** The column that tells where a row stands; taken out of the rows of a page. */
export const KEY = 'readfleet_key';
/** Of a statement in several stretches; taken out as well. */
const STRETCH = 'readfleet_stretch';
const PLACE = 'readfleet_place';
/** All that is ours in a row. */
export const OURS: ReadonlySet<string> = new Set([KEY, STRETCH, PLACE]);

/** What a statement for a page must have in it. */
export interface Pieces {
  /** A column for its select list. */
  readonly key: string;
  /** A condition for its WHERE. */
  readonly where: string;
  /** `order by …` */
  readonly orderBy: string;
  /** `limit $n` */
  readonly limit: string;
}

/**
 * Your own SELECT, around the pieces of a page. `$1` and so on are your own values.
 *
 * A text without one of the pieces is refused, but one that stands within a comment or a string of yours is not told apart: without `where` every page would be
 * the first.
 */
export type PageText = (pieces: Pieces) => string;

/**
 * The statement of a page: yours, with the pieces in it.
 *
 * Rows after a cursor may lie in several stretches of the index (mixed directions, NULLs). Joined by OR they would be one scan that reads and
 * throws away all that shares the first column with the cursor; so each stretch is read by itself, as far as the page may need it, and they
 * are put one after the other.
 *
 * @throws ReadfleetError `READFLEET_PAGING_TEXT` when a piece is missing from the text
 */
export function statementOf(
  text: PageText,
  values: readonly unknown[],
  { keys }: Ordering,
  { backward, size, from }: CheckedRequest,
): { readonly text: string; readonly values: unknown[] } {
  const ordered = backward ? reversed(keys) : keys;
  const numbered = new Numbered([...values]);
  const key = `${keySql(keys)} as "${KEY}"`;
  const orderBy = `order by ${orderBySql(ordered)}`;
  const limit = numbered.text(['limit ', { value: size + 1 }]);
  const write = (stretch: Fragment) => written(text, { key, where: numbered.text(stretch), orderBy, limit });
  const [first = [], ...others] = stretches(ordered, from);
  if (others.length === 0) return { text: write(first), values: numbered.values };
  // What is numbered here is in order already: the sort that follows is of a few pages at most.
  // Each text ends in a line of its own: it may end in a comment.
  const parts = [first, ...others].map(
    (stretch, number) =>
      `(select ${number} as "${STRETCH}", row_number() over () as "${PLACE}", q.* from (${write(stretch)}\n) q)`,
  );
  return {
    text: `select * from (${parts.join(' union all ')}) stretches order by "${STRETCH}", "${PLACE}" ${limit}`,
    values: numbered.values,
  };
}

function written(text: PageText, pieces: Pieces): string {
  const made = text(pieces);
  for (const [name, piece] of Object.entries(pieces)) {
    if (made.includes(piece)) continue;
    throw new ReadfleetError(
      'READFLEET_PAGING_TEXT',
      `the text of a page lacks its "${name}": put all four pieces where they belong: ` +
        `select …, \${key} from … where … and \${where} \${orderBy} \${limit}`,
    );
  }
  return made;
}
