import type { Cursors } from './cursor';
import type { KeyValue } from './ranges';
import type { CheckedRequest } from './request';

/** Where a page stands among the others, as a GraphQL connection tells it. */
export interface PageInfo {
  /** Of the first row; null when there is none. */
  readonly startCursor: string | null;
  /** Of the last row; null when there is none. */
  readonly endCursor: string | null;
  /** Going backward: whether there was a cursor to come from. Its row may be gone since. */
  readonly hasNextPage: boolean;
  /** Going forward: whether there was a cursor to come from. Its row may be gone since. */
  readonly hasPreviousPage: boolean;
}

/** The rows of one request, and the cursors that lead to the pages before and after them. */
export interface Page<Row> {
  /** In the order of the keyset, also when going backward. */
  readonly rows: readonly Row[];
  readonly pageInfo: PageInfo;
  /** Each row with a cursor of its own, for GraphQL connections. */
  edges(): { readonly node: Row; readonly cursor: string }[];
}

/** A row and where it stands. */
export interface Placed<Row> {
  readonly row: Row;
  readonly values: readonly KeyValue[];
}

/** @param found what the statement gave, in its order: one row more than the page has tells that there is another page */
export function pageOf<Row>(found: readonly Placed<Row>[], request: CheckedRequest, cursors: Cursors): Page<Row> {
  const { backward, size, from } = request;
  const placed = found.slice(0, size);
  if (backward) placed.reverse();
  const more = found.length > size;
  const cameFrom = from !== undefined;
  const cursorOf = (one: Placed<Row> | undefined) => (one ? cursors.encode(one.values) : null);
  return {
    rows: placed.map(({ row }) => row),
    pageInfo: {
      startCursor: cursorOf(placed[0]),
      endCursor: cursorOf(placed.at(-1)),
      hasNextPage: backward ? cameFrom : more,
      hasPreviousPage: backward ? more : cameFrom,
    },
    edges: () => placed.map(({ row, values }) => ({ node: row, cursor: cursors.encode(values) })),
  };
}
